#!/usr/bin/env python3
"""Draw every picture of the atlas from one model of the bones and muscles of a right hip and thigh.

    python3 content/_scripts/draw.py

writes assets/images/ below the folder that holds this script's folder. The same model always gives the same bytes,
and only the standard library is needed. The model is a heap of spheres: a bone is spheres along a line or over a
triangle, a muscle is spheres along its fibres. A picture is their view from one side, nearest sphere first.

Lengths are centimetres: x from the midline outwards, y upwards from the hip joint, z forwards.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

IMAGES = Path(__file__).parent.parent / "assets" / "images"

Point = tuple[float, float, float]
Line = Sequence[Point]
Colour = tuple[int, int, int]


class Sphere(NamedTuple):
    centre: Point
    radius: float
    material: int


class Bundle(NamedTuple):
    """Fibres side by side: each row of ROWS is a line that all of them cross, from the origin to the insertion."""

    rows: Sequence[Line]
    fibres: int
    thickness: float
    belly: tuple[float, float] = (0.06, 0.92)
    """The red part of a fibre, as fractions of its length; the rest is tendon."""


class Frame(NamedTuple):
    """What a picture shows of the model: the middle of its view and its height."""

    x: float
    y: float
    height: float


BONE, TENDON, FLESH, FLESH_DARK = range(4)
BASE: dict[int, Colour] = {
    BONE: (236, 222, 190),
    TENDON: (250, 246, 236),
    FLESH: (196, 60, 52),
    FLESH_DARK: (166, 44, 42),
}
BACKGROUND: Colour = (247, 249, 251)
SHADES = 12

FRAMES = {"hip": Frame(7.0, 3.5, 52.0), "thigh": Frame(8.0, -20.0, 72.0)}
VIEWS = (0, 45, 90, 180)
"""Where the gallery's viewer stands, in degrees: in front, between front and side, at the outer side, behind."""
TURN = range(0, 360, 45)

ACETABULUM = (9.8, 2.0, -0.5)
CREST = ((12.0, 8.5, 5.0), (13.8, 12.0, 2.5), (13.3, 14.0, -1.5), (9.5, 13.3, -6.5), (4.0, 9.5, -9.5))
ILIUM = ((10.5, 4.5, 4.0), *CREST, (4.5, 6.0, -8.5), (6.8, 3.2, -5.2))

TUBES: tuple[tuple[Line, float], ...] = (
    (CREST, 0.8),
    ((ACETABULUM, (7.6, -3.0, -3.0), (6.3, -8.6, -3.4)), 1.6),
    (((8.8, -0.4, 2.4), (5.2, -1.6, 4.4), (2.4, -2.9, 5.0), (0.7, -4.2, 4.6)), 1.05),
    (((0.8, -4.2, 4.4), (1.2, -5.8, 3.8), (4.0, -8.0, 0.5), (6.0, -9.2, -3.0)), 0.85),
    (((9.0, 0.0, 0.0), (9.2, 0.0, 0.0)), 2.3),
    (((9.2, 0.0, 0.0), (13.0, -2.6, -0.6)), 1.45),
    (((14.4, 0.6, -1.0), (13.9, -2.4, -0.6)), 1.7),
    (((11.7, -6.2, -1.7), (12.4, -6.4, -0.8)), 1.0),
    (((13.2, -4.0, -0.3), (12.6, -12.0, 0.8), (11.4, -23.0, 1.1), (9.7, -38.0, 0.2)), 1.35),
    (((7.3, -41.2, -0.8), (9.4, -39.4, 0.2)), 2.3),
    (((11.7, -41.0, -0.8), (9.8, -39.4, 0.2)), 2.2),
    (((9.5, -39.8, 4.2), (9.5, -41.0, 4.2)), 1.5),
    (((7.4, -45.4, -0.4), (9.4, -46.6, 0.0), (11.4, -45.2, -0.4)), 1.9),
    (((9.4, -46.6, 0.0), (9.4, -49.0, 1.1), (9.2, -58.0, 0.4)), 1.55),
    (((13.0, -46.6, -1.8), (12.7, -58.0, -1.4)), 0.8),
    (((13.0, -46.4, -1.8), (13.0, -46.8, -1.8)), 1.1),
)
SHEETS: tuple[tuple[Point, Point, Point], ...] = (
    *((ACETABULUM, first, second) for first, second in pairwise(ILIUM)),
    ((-4.6, 10.0, -6.6), (4.6, 10.0, -6.6), (0.0, -1.5, -9.4)),
    ((-4.6, 10.0, -6.6), (4.6, 10.0, -6.6), (0.0, 11.0, -4.6)),
)
VERTEBRAE = tuple((0.0, 13.0 + 3.7 * level, -2.6 + 0.5 * level) for level in range(5))

MUSCLES: dict[str, tuple[Bundle, ...]] = {
    "Hip-GluteusMaximus": (
        Bundle(
            (
                ((9.5, 13.0, -7.2), (4.0, 9.0, -10.2), (1.8, 4.0, -10.0), (0.8, -1.6, -9.8)),
                ((13.4, 6.0, -8.0), (11.0, 3.4, -10.2), (9.6, -0.6, -10.4), (8.2, -5.0, -9.2)),
                ((15.6, -1.6, -2.8), (14.8, -5.0, -2.8), (13.8, -9.0, -2.2), (13.0, -13.0, -1.0)),
            ),
            17,
            0.85,
            (0.03, 0.9),
        ),
    ),
    "Hip-GluteusMedius": (
        Bundle(
            (
                ((13.4, 11.0, 3.4), (14.2, 13.4, -1.0), (10.0, 12.8, -6.4)),
                ((16.2, 6.4, 2.2), (16.2, 7.0, -1.2), (13.6, 6.6, -5.2)),
                ((16.0, 1.6, -0.2), (16.0, 1.0, -1.0), (15.4, 0.8, -2.2)),
            ),
            15,
            0.7,
        ),
    ),
    "Hip-GluteusMinimus": (
        Bundle(
            (
                ((12.4, 7.2, 3.8), (12.6, 9.4, -0.8), (9.4, 7.6, -4.6)),
                ((14.6, 4.0, 2.4), (14.6, 4.6, -0.4), (12.8, 4.4, -2.8)),
                ((15.5, 1.0, 0.8), (15.6, 0.6, 0.4), (15.7, 0.4, -0.2)),
            ),
            11,
            0.62,
        ),
    ),
    "Hip-TensorFasciaeLatae": (
        Bundle(
            (
                ((12.6, 9.0, 5.4), (13.8, 11.2, 3.6)),
                ((16.2, 2.0, 4.4), (16.6, 2.0, 2.6)),
                ((15.9, -9.0, 1.6), (16.0, -9.0, 0.4)),
                ((14.0, -28.0, 0.4), (14.0, -28.0, -0.2)),
                ((12.2, -45.4, 1.8), (12.2, -45.4, 1.4)),
            ),
            7,
            0.6,
            (0.02, 0.36),
        ),
    ),
    "Hip-Piriformis": (
        Bundle(
            (
                ((1.4, 7.0, -7.4), (1.2, 2.4, -8.2)),
                ((6.6, 3.4, -6.4), (6.4, 1.6, -6.8)),
                ((14.0, 2.4, -1.4), (14.0, 2.0, -1.6)),
            ),
            8,
            0.55,
            (0.04, 0.8),
        ),
    ),
    "Hip-ObturatorInternus": (
        Bundle(
            (
                ((2.4, -4.4, 2.6), (4.4, -7.2, -1.0)),
                ((4.6, -3.2, -3.2), (5.0, -4.6, -3.6)),
                ((6.4, -2.6, -5.6), (6.6, -3.4, -5.6)),
                ((13.4, 1.2, -2.4), (13.4, 0.9, -2.5)),
            ),
            8,
            0.5,
            (0.02, 0.62),
        ),
    ),
    "Hip-ObturatorExternus": (
        Bundle(
            (
                ((2.6, -4.6, 4.6), (4.6, -8.0, 1.0)),
                ((7.4, -4.6, 0.6), (7.6, -5.8, -0.8)),
                ((10.6, -2.8, -2.4), (10.6, -3.2, -2.6)),
                ((13.4, 0.2, -2.3), (13.4, 0.0, -2.3)),
            ),
            8,
            0.52,
            (0.03, 0.72),
        ),
    ),
    "Hip-GemellusSuperior": (
        Bundle(
            (
                ((5.8, -1.0, -4.8), (6.0, -1.8, -4.8)),
                ((9.4, 0.2, -4.8), (9.4, -0.4, -4.9)),
                ((13.5, 1.6, -2.2), (13.5, 1.3, -2.4)),
            ),
            5,
            0.42,
        ),
    ),
    "Hip-GemellusInferior": (
        Bundle(
            (
                ((7.0, -5.0, -4.6), (6.8, -5.8, -4.8)),
                ((9.6, -2.4, -5.0), (9.6, -3.0, -5.0)),
                ((13.5, 0.9, -2.5), (13.5, 0.6, -2.6)),
            ),
            5,
            0.42,
        ),
    ),
    "Hip-QuadratusFemoris": (
        Bundle(
            (
                ((7.8, -5.6, -4.0), (7.6, -9.4, -3.8)),
                ((10.6, -4.2, -3.8), (10.4, -7.6, -3.6)),
                ((13.6, -1.8, -2.6), (13.2, -5.8, -2.1)),
            ),
            9,
            0.46,
        ),
    ),
    "Hip-Iliacus": (
        Bundle(
            (
                ((11.0, 8.6, 4.6), (11.6, 11.8, 0.6), (8.6, 11.0, -4.4)),
                ((9.4, 3.4, 4.6), (8.8, 4.2, 3.6), (7.8, 4.4, 2.0)),
                ((9.6, -1.4, 4.0), (9.4, -1.6, 3.8), (9.2, -1.6, 3.6)),
                ((11.4, -6.2, -0.4), (11.5, -7.2, -0.3), (11.6, -8.2, -0.2)),
            ),
            13,
            0.58,
        ),
    ),
    "Hip-PsoasMajor": (
        Bundle(
            (
                ((2.0, 27.6, -0.6), (2.0, 22.0, -1.2), (2.0, 13.0, -2.4)),
                ((5.0, 13.0, 0.4), (4.8, 12.0, 0.0), (4.6, 10.6, -0.6)),
                ((8.0, 2.2, 4.4), (7.8, 2.2, 4.2), (7.6, 2.2, 4.0)),
                ((11.3, -5.8, -1.0), (11.3, -6.0, -1.0), (11.3, -6.2, -1.0)),
            ),
            9,
            0.62,
            (0.03, 0.84),
        ),
    ),
    "Thigh-Sartorius": (
        Bundle(
            (
                ((12.0, 8.2, 5.6), (12.3, 7.8, 5.4)),
                ((12.4, -4.0, 7.0), (13.4, -4.0, 6.4)),
                ((8.4, -20.0, 6.0), (9.4, -21.0, 6.2)),
                ((5.4, -33.0, 1.8), (5.6, -34.0, 3.0)),
                ((4.9, -42.0, -1.2), (4.9, -42.0, -0.4)),
                ((7.2, -49.0, 1.9), (7.3, -48.4, 2.0)),
            ),
            5,
            0.5,
            (0.02, 0.9),
        ),
    ),
    "Thigh-RectusFemoris": (
        Bundle(
            (
                ((10.3, 4.4, 4.8), (10.8, 4.4, 4.6)),
                ((10.0, -13.0, 7.0), (13.2, -13.0, 6.4)),
                ((8.8, -26.0, 6.6), (11.8, -26.0, 6.2)),
                ((9.0, -38.6, 5.4), (10.0, -38.6, 5.4)),
            ),
            8,
            0.62,
            (0.07, 0.82),
        ),
    ),
    "Thigh-VastusLateralis": (
        Bundle(
            (
                ((14.8, -1.8, 0.9), (14.0, -11.0, -0.8), (12.2, -27.0, -0.8)),
                ((16.2, -15.0, 3.0), (15.2, -21.0, 2.6), (13.8, -31.0, 1.8)),
                ((13.0, -31.0, 5.0), (13.0, -33.0, 4.4), (12.4, -36.0, 3.6)),
                ((10.4, -38.6, 5.0), (10.7, -39.2, 4.8), (10.9, -40.0, 4.4)),
            ),
            13,
            0.66,
            (0.04, 0.86),
        ),
    ),
    "Thigh-VastusMedialis": (
        Bundle(
            (
                ((11.6, -7.0, 1.2), (10.8, -17.0, -0.2), (8.6, -33.0, -0.8)),
                ((9.0, -20.0, 4.4), (7.6, -26.0, 3.8), (5.9, -36.0, 1.8)),
                ((8.0, -32.0, 5.4), (6.8, -34.0, 4.8), (6.0, -38.6, 3.4)),
                ((8.8, -38.6, 5.0), (8.4, -39.4, 4.8), (8.1, -40.6, 4.4)),
            ),
            13,
            0.66,
            (0.04, 0.9),
        ),
    ),
    "Thigh-VastusIntermedius": (
        Bundle(
            (
                ((12.2, -7.0, 2.4), (13.6, -9.0, 1.6), (11.8, -24.0, 2.2)),
                ((10.6, -20.0, 4.4), (13.4, -21.0, 3.6), (12.4, -28.0, 3.8)),
                ((9.6, -32.0, 4.6), (11.8, -32.0, 4.2), (11.4, -34.0, 4.2)),
                ((9.0, -38.4, 4.8), (9.8, -38.4, 4.8), (10.2, -38.4, 4.8)),
            ),
            10,
            0.66,
            (0.03, 0.84),
        ),
    ),
    "Thigh-ArticularisGenus": (
        Bundle(
            (
                ((9.5, -31.6, 2.2), (11.1, -31.6, 2.0)),
                ((9.2, -35.0, 2.8), (10.9, -35.0, 2.7)),
                ((8.9, -37.6, 3.0), (10.6, -37.6, 3.0)),
            ),
            4,
            0.4,
        ),
    ),
    "Thigh-Pectineus": (
        Bundle(
            (
                ((3.4, -2.0, 5.6), (6.6, -0.6, 4.6)),
                ((7.4, -5.0, 3.8), (9.0, -3.8, 3.6)),
                ((11.6, -11.6, 0.0), (11.6, -7.8, -0.6)),
            ),
            8,
            0.52,
        ),
    ),
    "Thigh-AdductorLongus": (
        Bundle(
            (
                ((2.0, -3.6, 5.8), (2.4, -3.9, 5.7)),
                ((6.0, -13.0, 4.4), (7.4, -10.6, 4.0)),
                ((10.5, -24.0, 0.0), (11.2, -16.0, -0.3)),
            ),
            10,
            0.56,
            (0.1, 0.94),
        ),
    ),
    "Thigh-AdductorBrevis": (
        Bundle(
            (
                ((1.8, -5.0, 5.0), (2.6, -6.6, 3.8)),
                ((6.2, -9.4, 3.0), (6.6, -8.4, 2.4)),
                ((11.4, -16.0, -0.3), (11.7, -8.6, -0.9)),
            ),
            8,
            0.54,
        ),
    ),
    "Thigh-AdductorMagnus": (
        Bundle(
            (
                ((3.0, -7.4, 2.0), (4.2, -8.6, 0.0), (5.6, -9.8, -3.0), (6.4, -10.2, -3.8)),
                ((8.4, -7.6, -1.4), (7.8, -13.0, -1.4), (6.6, -20.0, -2.4), (5.2, -26.0, -2.6)),
                ((12.6, -7.0, -1.5), (11.5, -17.0, -0.4), (10.2, -29.0, -0.7), (6.6, -38.8, -0.6)),
            ),
            17,
            0.62,
        ),
    ),
    "Thigh-Gracilis": (
        Bundle(
            (
                ((0.9, -5.0, 4.8), (1.8, -7.2, 3.4)),
                ((3.4, -22.0, 2.4), (3.6, -23.0, 0.8)),
                ((4.8, -38.0, -1.4), (4.8, -38.0, -1.8)),
                ((5.2, -44.0, -1.6), (5.2, -44.0, -1.8)),
                ((7.0, -49.8, 1.7), (7.0, -50.0, 1.7)),
            ),
            5,
            0.5,
            (0.03, 0.68),
        ),
    ),
    "Thigh-BicepsFemoris": (
        Bundle(
            (
                ((6.4, -9.8, -4.8), (6.8, -9.4, -4.8)),
                ((8.6, -22.0, -5.8), (10.4, -22.0, -5.4)),
                ((12.0, -34.0, -4.8), (12.8, -34.0, -4.4)),
                ((13.4, -46.0, -2.4), (13.4, -46.0, -2.2)),
            ),
            6,
            0.6,
            (0.06, 0.78),
        ),
        Bundle(
            (
                ((11.4, -19.0, -0.6), (10.2, -31.0, -1.0)),
                ((12.6, -30.0, -2.4), (12.2, -36.0, -2.6)),
                ((13.5, -45.8, -2.0), (13.5, -45.8, -2.0)),
            ),
            6,
            0.5,
            (0.04, 0.84),
        ),
    ),
    "Thigh-Semitendinosus": (
        Bundle(
            (
                ((5.8, -9.9, -4.9), (6.3, -9.8, -5.0)),
                ((6.2, -20.0, -6.4), (8.0, -20.0, -6.0)),
                ((5.6, -34.0, -5.6), (6.0, -34.0, -5.6)),
                ((5.2, -43.0, -3.6), (5.2, -43.0, -3.7)),
                ((7.1, -50.8, 1.6), (7.1, -50.9, 1.6)),
            ),
            6,
            0.56,
            (0.04, 0.58),
        ),
    ),
    "Thigh-Semimembranosus": (
        Bundle(
            (
                ((6.8, -8.8, -4.7), (7.2, -8.6, -4.6)),
                ((6.4, -18.0, -4.8), (7.4, -18.0, -4.6)),
                ((5.2, -30.0, -5.0), (8.4, -30.0, -4.6)),
                ((5.8, -40.0, -4.6), (7.4, -40.0, -4.6)),
                ((6.2, -45.4, -2.4), (6.6, -45.4, -2.5)),
            ),
            8,
            0.6,
            (0.3, 0.92),
        ),
    ),
}


def mix(first: Point, second: Point, part: float) -> Point:
    return (
        first[0] + (second[0] - first[0]) * part,
        first[1] + (second[1] - first[1]) * part,
        first[2] + (second[2] - first[2]) * part,
    )


def along(line: Line, part: float) -> Point:
    """The point at PART, from 0 to 1, of a line whose points lie at equal steps."""
    place = part * (len(line) - 1)
    step = min(int(place), len(line) - 2)
    return mix(line[step], line[step + 1], place - step)


def smooth(points: Line, part: float) -> Point:
    """The point at PART of the Catmull-Rom curve through POINTS."""
    place = part * (len(points) - 1)
    step = min(int(place), len(points) - 2)
    t = place - step
    before, first, second, after = (points[min(max(step + k, 0), len(points) - 1)] for k in (-1, 0, 1, 2))
    x, y, z = (
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(before, first, second, after, strict=True)
    )
    return x, y, z


def tube(line: Line, radius: float) -> Iterator[Sphere]:
    for first, second in pairwise(line):
        steps = max(1, round(math.dist(first, second) / (0.3 * radius)))
        for k in range(steps + 1):
            yield Sphere(mix(first, second, k / steps), radius, BONE)


def sheet(a: Point, b: Point, c: Point, radius: float = 0.55) -> Iterator[Sphere]:
    steps = max(2, round(max(math.dist(a, b), math.dist(a, c)) / (0.9 * radius)))
    for i in range(steps + 1):
        for k in range(i + 1):
            yield Sphere(mix(mix(a, b, i / steps), mix(a, c, i / steps), k / i if i else 0.0), radius, BONE)


def skeleton() -> list[Sphere]:
    spheres = [sphere for line, radius in TUBES for sphere in tube(line, radius)]
    spheres += [sphere for corners in SHEETS for sphere in sheet(*corners)]
    for x, y, z in VERTEBRAE:
        for height in (-1.1, -0.4, 0.4, 1.1):
            spheres += tube(((x - 0.9, y + height, z), (x + 0.9, y + height, z)), 1.35)
        spheres += tube(((x - 3.4, y, z - 1.6), (x + 3.4, y, z - 1.6)), 0.45)
        spheres += tube(((x, y, z - 1.6), (x, y - 0.8, z - 4.2)), 0.5)
    return spheres


def flesh(bundle: Bundle) -> Iterator[Sphere]:
    start, end = bundle.belly
    for fibre in range(bundle.fibres):
        side = fibre / (bundle.fibres - 1)
        points = [along(row, side) for row in bundle.rows]
        length = sum(math.dist(p, q) for p, q in pairwise(points))
        steps = max(8, round(length / (0.6 * bundle.thickness)))
        for k in range(steps + 1):
            part = k / steps
            red = start <= part <= end
            swell = math.sin(math.pi * (part - start) / (end - start)) if red else 0.0
            material = (FLESH, FLESH_DARK)[fibre % 2] if red else TENDON
            yield Sphere(smooth(points, part), bundle.thickness * (0.55 + 0.45 * swell), material)


def shade(material: int, level: int) -> Colour:
    light = 0.42 + 0.58 * level / (SHADES - 1)
    red, green, blue = BASE[material]
    return round(red * light), round(green * light), round(blue * light)


PALETTE: tuple[Colour, ...] = (BACKGROUND, *(shade(m, k) for m in BASE for k in range(SHADES)))


class Canvas:
    """Pixels of a view, twice as fine as the picture, each with the nearest sphere's depth and colour (an index of PALETTE)."""

    def __init__(self, width: int, height: int, frame: Frame, degrees: int) -> None:
        self.width, self.height = 2 * width, 2 * height
        self.scale = self.height / frame.height
        self.frame = frame
        turn = math.radians(degrees)
        self.sine, self.cosine = math.sin(turn), math.cos(turn)
        self.depths = [-1e9] * (self.width * self.height)
        self.colours = bytearray(self.width * self.height)

    def copy(self) -> Canvas:
        twin = object.__new__(Canvas)
        twin.__dict__.update(self.__dict__, depths=self.depths.copy(), colours=self.colours[:])
        return twin

    def paint(self, spheres: Sequence[Sphere]) -> None:
        for (x, y, z), size, material in spheres:
            radius = size * self.scale
            right = -(x - self.frame.x) * self.cosine + z * self.sine
            near = ((x - self.frame.x) * self.sine + z * self.cosine) * self.scale
            left = self.width / 2 + right * self.scale
            top = self.height / 2 - (y - self.frame.y) * self.scale
            for row in range(max(0, math.ceil(top - radius)), min(self.height, math.floor(top + radius) + 1)):
                reach = math.sqrt(max(0.0, radius * radius - (row - top) ** 2))
                for column in range(max(0, math.ceil(left - reach)), min(self.width, math.floor(left + reach) + 1)):
                    rise = math.sqrt(max(0.0, reach * reach - (column - left) ** 2))
                    at = row * self.width + column
                    if near + rise > self.depths[at]:
                        self.depths[at] = near + rise
                        # Light falls from the viewer's upper left.
                        light = (0.8 * rise - 0.35 * (column - left) - 0.45 * (row - top)) / radius
                        level = round(max(0.0, min(1.0, light)) * (SHADES - 1))
                        self.colours[at] = 1 + material * SHADES + level

    def picture(self) -> list[bytes]:
        """The rows of the picture: every four pixels become the palette's colour nearest to their mean."""
        rows = []
        wide = self.width
        for top in range(0, self.height, 2):
            first, second = (
                self.colours[top * wide : (top + 1) * wide],
                self.colours[(top + 1) * wide : (top + 2) * wide],
            )
            rows.append(
                bytes(
                    nearest(tuple(sorted((first[k], first[k + 1], second[k], second[k + 1]))))
                    for k in range(0, wide, 2)
                )
            )
        return rows


NEAREST: dict[tuple[int, ...], int] = {}


def nearest(four: tuple[int, ...]) -> int:
    if four not in NEAREST:
        mean = [sum(PALETTE[index][k] for index in four) / len(four) for k in range(3)]
        NEAREST[four] = min(range(len(PALETTE)), key=lambda index: math.dist(PALETTE[index], mean))
    return NEAREST[four]


def png(rows: Sequence[bytes]) -> bytes:
    def chunk(tag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"PLTE", bytes(part for colour in PALETTE for part in colour))
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def lzw(pixels: bytes, bits: int) -> bytes:
    """GIF's form of LZW: codes of growing width, least significant bit first."""
    clear, end = 1 << bits, (1 << bits) + 1
    codes: dict[bytes, int] = {}
    out, held, count = bytearray(), 0, 0
    width, following = bits + 1, end + 1

    def put(code: int) -> None:
        nonlocal held, count
        held |= code << count
        count += width
        while count >= 8:
            out.append(held & 255)
            held >>= 8
            count -= 8

    def code_of(text: bytes) -> int:
        return codes[text] if len(text) > 1 else text[0]

    put(clear)
    text = b""
    for value in pixels:
        longer = text + bytes([value])
        if len(longer) == 1 or longer in codes:
            text = longer
            continue
        put(code_of(text))
        if following < 4096:
            codes[longer] = following
            # The reader learns each code one step later, so the width grows when the code just made no longer fits.
            if following == 1 << width:
                width += 1
            following += 1
        else:
            put(clear)
            codes.clear()
            width, following = bits + 1, end + 1
        text = longer[-1:]
    put(code_of(text))
    put(end)
    if count:
        out.append(held & 255)
    return bytes(out)


def gif(frames: Sequence[Sequence[bytes]], hundredths: int) -> bytes:
    """An endless film."""
    bits = max(2, (len(PALETTE) - 1).bit_length())
    size = struct.pack("<HH", len(frames[0][0]), len(frames[0]))
    palette = [*PALETTE, *[BACKGROUND] * ((1 << bits) - len(PALETTE))]
    data = bytearray(b"GIF89a" + size + bytes([0xF0 | bits - 1, 0, 0]))
    data += bytes(part for colour in palette for part in colour)
    data += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for rows in frames:
        data += b"\x21\xf9\x04\x04" + struct.pack("<H", hundredths) + b"\0\0"
        data += b"\x2c\0\0\0\0" + size + b"\0" + bytes([bits])
        packed = lzw(b"".join(rows), bits)
        for start in range(0, len(packed), 255):
            block = packed[start : start + 255]
            data += bytes([len(block)]) + block
        data += b"\0"
    return bytes(data + b"\x3b")


def write(name: str, data: bytes) -> None:
    path = IMAGES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def main() -> None:
    bones = skeleton()
    for region, frame in FRAMES.items():
        stills = [Canvas(180, 270, frame, degrees) for degrees in VIEWS]
        film = [Canvas(100, 150, frame, degrees) for degrees in TURN]
        for canvas in (*stills, *film):
            canvas.paint(bones)
        write(f"regions/{region}-front.png", png(stills[0].picture()))
        write(f"regions/{region}-back.png", png(stills[3].picture()))
        for name, bundles in MUSCLES.items():
            if not name.startswith(f"{region.capitalize()}-"):
                continue
            spheres = [sphere for bundle in bundles for sphere in flesh(bundle)]
            frames = []
            for canvas in film:
                frames.append(canvas.copy())
                frames[-1].paint(spheres)
            write(f"muscles/gif/{name}.gif", gif([canvas.picture() for canvas in frames], 30))
            for number, canvas in enumerate(stills, 1):
                view = canvas.copy()
                view.paint(spheres)
                write(f"muscles/png/{name}-{number}.png", png(view.picture()))
    icon = Canvas(32, 32, Frame(8.5, 4.0, 30.0), 0)
    icon.paint(bones)
    write("site/icon.png", png(icon.picture()))


if __name__ == "__main__":
    main()
