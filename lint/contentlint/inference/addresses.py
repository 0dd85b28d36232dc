"""Where the pages of a kind are served, and which page they all link back to, told by the names in their paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from contentlint.inference.evidence import holds
from contentlint.inference.kinds import Kind
from contentlint.patterns import expand
from contentlint.resolving import Found
from contentlint.site import Site, Source, arrivals


def permalink(kind: Kind, pages: Mapping[str, Source]) -> str:
    """The address of the kind's pages with the placeholders of its pattern; empty when authors have no such habit.

    Where the generator makes the addresses there is nothing to err in, and who writes one means it.
    """
    forms: Counter[str] = Counter()
    for path in kind.paths:
        forms[_form(_url(pages[path]), kind.pattern.match(path) or {})] += 1
    form, count = max(sorted(forms.items()), key=lambda each: each[1])
    written = sum("permalink" in _own(pages[path]) for path in kind.paths)
    apart = _tells_all_apart(form, kind)
    return form if apart and 2 * written > len(kind.paths) and holds(count, len(kind.paths)) else ""


def back_link(kind: Kind, pages: Mapping[str, Source], site: Site) -> str:
    """The nearest page above that all pages of a kind link to, as an address with placeholders; empty when there is none."""
    forms = Counter(_form(_url(pages[path]), kind.pattern.match(path) or {}) for path in kind.paths)
    for above in _above(max(sorted(forms), key=lambda form: forms[form])):
        if set(_names(above)) <= set(kind.pattern.names) and holds(
            sum(_links(pages[path], above, kind, path, site) for path in kind.paths), len(kind.paths)
        ):
            return above
    return ""


def _links(source: Source, above: str, kind: Kind, path: str, site: Site) -> bool:
    """Whether a page links to the address above it, and that is another page."""
    address = expand(above, kind.pattern.match(path) or {})
    wanted = site.outputs.resolve(site.outputs.baseurl + address, "/")
    if not isinstance(wanted, Found) or source.target is None or wanted.target.output == source.target.output:
        return False
    return any(wanted.target in arrivals(resolution) for resolution in source.resolved)


def _above(form: str) -> Iterator[str]:
    """The addresses of the folders around an address, the nearest first."""
    parts = form.strip("/").split("/")[:-1]
    while parts:
        yield f"/{'/'.join(parts)}/"
        parts.pop()
    yield "/"


def _form(url: str, names: Mapping[str, str]) -> str:
    """An address with a placeholder for each part that is one of the names in the path."""
    given = {value: name for name, value in names.items()}
    segments = []
    for segment in url.split("/"):
        stem, dot, ending = segment.rpartition(".")
        if segment in given:
            segments.append(f"{{{given[segment]}}}")
        elif dot and stem in given:
            segments.append(f"{{{given[stem]}}}.{ending}")
        else:
            segments.append(segment.replace("{", "").replace("}", ""))
    return "/".join(segments)


def _tells_all_apart(form: str, kind: Kind) -> bool:
    """Whether no two pages would have to share one address."""
    return len({expand(form, kind.pattern.match(path) or {}) for path in kind.paths}) == len(kind.paths)


def _names(form: str) -> list[str]:
    return [part[1:-1] for part in form.split("/") if part.startswith("{")]


def _url(source: Source) -> str:
    return source.target.url if source.target is not None else ""


def _own(source: Source) -> Mapping[str, object]:
    return source.own if isinstance(source.own, dict) else {}
