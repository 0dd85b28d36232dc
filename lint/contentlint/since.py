"""Two states of a site compared: which files are the same under another name, which problems are new, and what brought them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote

from contentlint.diagnostic import Diagnostic, Lines, Related, Report, Severity, Span
from contentlint.digest import digest_of
from contentlint.record import replace
from contentlint.resolving import Found, Missing, Target
from contentlint.site import Removed, Site, Source

Read = Callable[[str], bytes]
"""The content of a file by its path below the project; raises OSError."""

LIKE_ENOUGH = 0.5
"""How much of two files must be the same for one to be the other under a new name, as `git diff --find-renames` has it."""
MOST_PAIRS = 1_000_000
"""Beyond that only files with the same content are paired (git's `diff.renameLimit` squared)."""
_START = Span(1, 1, 1, 1)


# -- files --------------------------------------------------------------------------------------------------------------


def renames(gone: Iterable[str], new: Iterable[str], read_old: Read, read_new: Read) -> dict[str, str]:
    """The new path of each file that has another one now: by the same content, else by most lines in common.

    `gone` are the paths that are no more, `new` those that were not there. What cannot be read has not moved.
    """
    old = dict(_contents(gone, read_old))
    left = dict(_contents(new, read_new))
    found: dict[str, str] = {}
    by_content: dict[bytes, list[str]] = {}
    for path, content in left.items():
        by_content.setdefault(digest_of(content), []).append(path)
    for path, content in old.items():
        twins = by_content.get(digest_of(content))
        if twins and content:
            twin = max(twins, key=lambda each: _common_end(each, path))
            twins.remove(twin)
            found[path] = twin
            del left[twin]
    old = {path: content for path, content in old.items() if path not in found}
    if len(old) * len(left) <= MOST_PAIRS:
        found |= _similar(old, left)
    return found


def _contents(paths: Iterable[str], read: Read) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            yield path, read(path)
        except OSError:
            continue


def _common_end(one: str, other: str) -> int:
    """How many of the last parts of two paths are the same."""
    count = 0
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left != right:
            break
        count += 1
    return count


def _similar(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Pairs of files that have enough lines in common, the most alike first."""
    lines = {path: Counter(content.splitlines(keepends=True)) for path, content in new.items()}
    pairs = []
    for path, content in old.items():
        mine = Counter(content.splitlines(keepends=True))
        for other, theirs in lines.items():
            longest = max(len(content), len(new[other]))
            if 2 * min(len(content), len(new[other])) < longest:
                continue
            common = sum(len(line) * count for line, count in (mine & theirs).items())
            if longest and common / longest >= LIKE_ENOUGH:
                pairs.append((-common / longest, -_common_end(path, other), path, other))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, path, other in sorted(pairs):
        if path not in found and other not in taken:
            found[path] = other
            taken.add(other)
    return found


# -- problems -----------------------------------------------------------------------------------------------------------


def new_problems(head: Report, base: Report, moved: Mapping[str, str]) -> Report:
    """The report without the problems that the base had, in files under whatever name now; the counts are those of the rest.

    A problem is an old one when rule, file and value are the same, wherever its line is now. Of several that are alike, those on a
    line that reads as before are the old ones.
    """
    exact: Counter[tuple[object, ...]] = Counter()
    loose: Counter[tuple[str, str, str]] = Counter()
    for each in base.diagnostics:
        key = (each.rule, moved.get(each.path, each.path), moved.get(each.value, each.value))
        exact[*key, each.source_lines] += 1
        loose[key] += 1
    rest = []
    for each in head.diagnostics:
        key = (each.rule, each.path, each.value)
        if exact[*key, each.source_lines]:
            exact[*key, each.source_lines] -= 1
            loose[key] -= 1
        else:
            rest.append(each)
    new = []
    for each in rest:
        key = (each.rule, each.path, each.value)
        if loose[key]:
            loose[key] -= 1
        else:
            new.append(each)
    return replace(
        head,
        diagnostics=tuple(new),
        summary=replace(
            head.summary,
            errors=sum(each.severity is Severity.ERROR for each in new),
            warnings=sum(each.severity is Severity.WARNING for each in new),
            older=len(head.diagnostics) - len(new),
        ),
    )


# -- what became of the site --------------------------------------------------------------------------------------------


def removed(base: Site, head: Site, moved: Mapping[str, str]) -> Iterator[Removed]:
    """The addresses of pages that the base had and the head has not."""
    seen = set()
    for target in base.targets:
        if not target.published or not target.output.endswith(".html") or target.source is None or target.url in seen:
            continue
        seen.add(target.url)
        if (target.kind != "redirect" and not _is_own(target, base)) or not _is_gone(target, head):
            continue
        path = base.path_of(target.source)
        yield Removed(target.url, path, head.sources.get(moved.get(path, path)))


def _is_own(target: Target, site: Site) -> bool:
    """Whether a target is what a page's own file is made into, not a later page of a list that it shows."""
    source = site.source_of(target)
    return source is not None and source.target is not None and source.target.url == target.url


def _is_gone(target: Target, head: Site) -> bool:
    asked = "/" + target.output.removesuffix("index.html")
    if head.outputs.lookup(asked) is not None:
        return False
    return isinstance(
        head.outputs.resolve(quote(head.shown(asked), errors="surrogatepass"), "/", follow=False), Missing
    )


class Blame:
    """Says of each new problem what the change did to bring it."""

    def __init__(self, base: Site, head: Site, moved: Mapping[str, str], gone: Iterable[str]) -> None:
        self._base = base
        self._head = head
        self._moved = moved
        self._gone = frozenset(gone)

    def blamed(self, report: Report) -> Report:
        """The report, each problem that leads to what was removed or moved with that as a related place."""
        paths = {each.path for each in report.diagnostics}
        causes: dict[tuple[str, Span], Related] = {}
        for path in paths:
            source = self._head.sources.get(path)
            if source is not None and source.holes:
                causes.update(self._of(source))
        return replace(report, diagnostics=tuple(self._with(each, causes) for each in report.diagnostics))

    def _with(self, problem: Diagnostic, causes: Mapping[tuple[str, Span], Related]) -> Diagnostic:
        cause = causes.get((problem.path, problem.span)) or self._named(problem)
        return problem if cause is None else replace(problem, related=(cause, *problem.related))

    def _of(self, source: Source) -> Iterator[tuple[tuple[str, Span], Related]]:
        lines = Lines(source.text())
        for reference, missing in source.holes:
            before = self._base.outputs.resolve(reference.url, reference.base)
            if isinstance(before, Found):
                target = before.through[0] if before.through else before.target
                if target.source is not None:
                    span = lines.span(reference.place.start, reference.place.end)
                    yield (source.path, span), self._cause(target, self._base.path_of(target.source), missing)

    def _cause(self, target: Target, path: str, missing: Missing) -> Related:
        """What became of what a reference led to before, and of the file at `path` behind it."""
        url = self._base.shown(target.url)
        now = self._moved.get(path)
        if now is not None:
            return Related(now, _START, f"{url} was removed or moved: {path} is now {now}")
        if path in self._gone:
            return Related(path, _START, f"{url} was removed or moved: {path}")
        if missing.kind == "anchor":
            return Related(path, _START, f"the anchor was there before: {path} has changed")
        source = self._head.sources.get(path)
        is_own = target.kind != "redirect" and _is_own(target, self._base)
        if is_own and source is not None and source.target is not None and source.target.url != target.url:
            return Related(
                path, _START, f"{url} was removed or moved: {path} is now at {self._head.shown(source.target.url)}"
            )
        return Related(path, _START, f"{url} was there before: {path} has changed")

    def _named(self, problem: Diagnostic) -> Related | None:
        """A file that is gone and whose name is the value at fault: an include, a layout, what a tag names."""
        if not problem.value or problem.path in self._gone:
            return None
        ends = tuple(f"/{problem.value}{ending}" for ending in ("", ".html", ".md"))
        path = next((each for each in sorted(self._gone) if f"/{each}".endswith(ends)), None)
        if path is None:
            return None
        now = self._moved.get(path)
        return Related(now or path, _START, f"{path} was removed" if now is None else f"{path} is now {now}")
