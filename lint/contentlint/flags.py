"""The flags of each command, and how they are read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from contentlint import terminal
from contentlint.reporters import FORMATS
from contentlint.usage import Options, hint, meant, usage

STATUSES = ("found", "missing", "unknown", "external")
_MOST_JOBS = 256


def parse(command: str, summary: str, arguments: Sequence[str]) -> Options:
    """What the arguments behind a command say. Raises UnusableError for what it does not take."""
    parser = _Parser(prog=f"contentlint {command}", description=summary, allow_abbrev=False, formatter_class=_Formatter)
    _DECLARED[command](parser)
    return parser.parse(arguments)


class _Parser(argparse.ArgumentParser):
    """argparse, with our words and our exit."""

    def parse(self, arguments: Sequence[str]) -> Options:
        """The flags and paths in whatever order, only paths behind `--`; an unknown flag is bad usage."""
        arguments = list(arguments)
        end = arguments.index("--") if "--" in arguments else len(arguments)
        options, unknown = self.parse_known_intermixed_args(arguments[:end], Options())
        if hasattr(options, "paths"):  # argparse's own `--` is lost between flags and paths that are mixed
            options.paths += arguments[end + 1 :]
        else:
            unknown += arguments[end + 1 :]
        if unknown:
            flag = unknown[0].partition("=")[0]
            raise usage(f"{self.prog} takes no {flag}", meant(flag, self._option_string_actions))
        return options

    def error(self, message: str) -> NoReturn:
        raise usage(message, f"{self.prog} --help lists the flags")


class _Formatter(argparse.HelpFormatter):
    """As argparse's own, which imports shutil with every flag declared only to measure the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(terminal.width(sys.stdout) or 100, 100))

    if sys.version_info[:2] == (
        3,
        14,
    ):  # pragma: no cover  it loads dataclasses and inspect with the first flag, colours or not

        def _set_color(self, _color: bool) -> None:
            self._theme, self._decolor = _Colourless(), str


class _Colourless:
    """What argparse asks for the codes of its colours."""

    def __getattr__(self, _name: str) -> str:
        return ""  # pragma: no cover  see above


def _one_of(*names: str) -> Callable[[str], str]:
    def chosen(value: str) -> str:
        if value not in names:
            raise argparse.ArgumentTypeError(f"{value!r} is none of {', '.join(names)}{hint(value, names)}")
        return value

    return chosen


def _jobs(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of processes from 1 to {_MOST_JOBS}")
    return int(value)


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _declare_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--root", metavar="DIR", help="the project; found above the working directory by default")


def _declare_site(parser: argparse.ArgumentParser) -> None:
    _declare_place(parser)
    parser.add_argument("--config", metavar="FILE", help="the config; contentlint.yml of the project by default")
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")
    parser.add_argument("--cache-dir", metavar="DIR", help="where the cache lies")
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=0, help="processes to work with (default: as many as pay)"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="say on stderr what was looked at, and how long")


def _declare_output(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    parser.add_argument(
        "--output-format",
        metavar="FMT",
        type=_one_of(*formats),
        default=formats[0],
        help=f"{', '.join(formats)} (default: {formats[0]})",
    )
    parser.add_argument("-o", "--output-file", metavar="FILE", help="write there, not to stdout")
    _declare_colour(parser)


def _declare_colour(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--color",
        metavar="WHEN",
        type=_one_of("auto", "always", "never"),
        default="auto",
        help="auto, always or never (default: auto)",
    )


def _declare_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="report on these only; - is stdin")
    _declare_site(parser)
    _declare_output(parser, FORMATS)
    for flag, text in (
        ("--select", "run only these rules or groups"),
        ("--ignore", "do not run these"),
        ("--extend-select", "run these, too"),
    ):
        parser.add_argument(flag, metavar="RULES", type=_names, action="extend", default=[], help=text)
    parser.add_argument("--staged", action="store_true", help="lint what is in the git index, not what lies on disk")
    parser.add_argument("--since", metavar="REF", help="report only what is new since this branch, tag or commit")
    _declare_baseline_file(parser)
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes, and report what is left")
    parser.add_argument("--unsafe-fixes", action="store_true", help="count the unsafe fixes among them, too")
    parser.add_argument("--diff", action="store_true", help="show what --fix would change, and write nothing")
    parser.add_argument(
        "--fail-on",
        metavar="LEVEL",
        type=_one_of("error", "warning", "never"),
        default="error",
        help="exit 1 from which severity on: error, warning or never (default: error)",
    )
    parser.add_argument("--statistics", action="store_true", help="count the problems of each rule")
    parser.add_argument("--stdin-filename", metavar="NAME", help="the file that stdin stands for")
    parser.add_argument("-q", "--quiet", action="store_true", help="print problems only")


def _declare_baseline_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", metavar="FILE", help="the known problems; contentlint-baseline.json by default")


def _declare_baseline(parser: argparse.ArgumentParser) -> None:
    _declare_site(parser)
    _declare_baseline_file(parser)
    parser.add_argument(
        "--prune", action="store_true", help="only remove what is gone from the site; record nothing new"
    )


def _declare_init(parser: argparse.ArgumentParser) -> None:
    _declare_place(parser)
    parser.add_argument("--diff", action="store_true", help="show all that would be written, and write nothing")


def _declare_urls(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="list these only")
    _declare_site(parser)
    _declare_output(parser, ("full", "json"))


def _declare_links(parser: argparse.ArgumentParser) -> None:
    _declare_urls(parser)
    parser.add_argument("--to", metavar="TARGET", help="who points at this page or asset")
    parser.add_argument("--status", metavar="S", type=_one_of(*STATUSES), help=f"only {', '.join(STATUSES)}")


def _declare_rule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="a rule; all are listed without one")
    _declare_colour(parser)


def _declare_clean(parser: argparse.ArgumentParser) -> None:
    _declare_place(parser)
    parser.add_argument("--cache-dir", metavar="DIR", help="where the cache lies")


def _declare_version(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


_DECLARED: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "check": _declare_check,
    "init": _declare_init,
    "baseline": _declare_baseline,
    "urls": _declare_urls,
    "links": _declare_links,
    "rule": _declare_rule,
    "clean": _declare_clean,
    "version": _declare_version,
}
