"""`contentlint init`: infers a config and schemas, holds the site against them, and writes what is left."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contentlint import writing
from contentlint.assembly import Assembled, Assembly, Progress
from contentlint.config import GENERATOR_CONFIG, NAME, Chosen, Config, chosen, find_project, load
from contentlint.diagnostic import Diagnostic, Fault, Lines, Report, Severity, UnusableError
from contentlint.inference import FOLDER, Claim, Inferred, Said, infer
from contentlint.inference.config_text import written
from contentlint.inference.evidence import outliers
from contentlint.judge import Judge
from contentlint.patterns import compile_pattern
from contentlint.record import NamedTuple
from contentlint.rule import load as load_rules
from contentlint.run import uncollected
from contentlint.tree import WorkTree, inside, real, relative

_CLAIM_OF = {
    "permalink-path-mismatch": "permalink",
    "missing-back-link": "back-link",
    "duplicate-value": "unique",
    "missing-front-matter": "schema",
    "missing-key": "schema",
    "unknown-key": "schema",
    "invalid-value": "schema",
    "schema-violation": "schema",
}
_OF_INCLUDES = frozenset({"unknown-include-id", "duplicate-image-id", "unused-image", "missing-include-data"})
_SOME = 4
"""One page in so many may differ from a schema in one of its keys."""
_FAR = 2
"""So many folders down a site is looked for."""


class Outlier(NamedTuple):
    """What differs from the others of its kind: often a bug."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What there is to write, and what there is to say about it."""

    files: Mapping[str, str]
    """The texts, by their paths relative to the project; the config first."""
    inferred: Inferred
    fits: Mapping[str, int]
    """How many pages fit what is said of their kind, by its pattern."""
    outliers: Sequence[Outlier]
    copied: bool
    """The generator would copy the files to the site."""
    problems: int
    """How many problems the site has that need no config to be found."""

    @property
    def config(self) -> str:
        """The text of the config."""
        return self.files[NAME]


@uncollected
def propose(cwd: str, root: str | None, progress: Progress = lambda _stage, _done, _total: None) -> Proposal:
    """Look at the site and infer. Raises UnusableError when there is no site, no page, or a config already."""
    project = find_project(cwd, root)
    _refuse(cwd, project, [NAME])
    return _Inspection(project, relative(project, cwd), progress).propose()


def write(cwd: str, root: str | None, files: Mapping[str, str]) -> None:
    """Write all the files or none, and never over one that is there. Raises UnusableError."""
    project = find_project(cwd, root)
    _refuse(cwd, project, files)
    folders: list[str] = []
    done: list[str] = []
    try:
        for path in reversed(list(files)):  # the config last: what it names is there when it is
            full = os.path.join(project, *path.split("/"))
            folder = os.path.dirname(full)
            if not os.path.isdir(folder):
                os.mkdir(folder)
                folders.append(folder)
            writing.replace(full, files[path].encode("utf-8", "surrogatepass"))
            done.append(full)
    except OSError as error:
        for full in done:
            os.unlink(full)
        for folder in folders:
            os.rmdir(folder)
        raise UnusableError(
            Fault(path, None, f"cannot write {path}: {error.strerror}", "nothing was written")
        ) from error


def _refuse(cwd: str, project: str, paths: Iterable[str]) -> None:
    whole = [os.path.join(project, path) for path in paths]
    beyond = [path for path in paths if not inside(real(os.path.join(project, path)), real(project))]
    if beyond:
        advice = "remove the link that leads there"
        raise UnusableError(*(Fault(path, None, f"{path} would lie outside the project", advice) for path in beyond))
    there = [relative(path, cwd) for path in whole if os.path.lexists(path)]
    if there:
        raise UnusableError(
            *(Fault(path, None, f"{path} is there already, and is not overwritten", "move it away") for path in there)
        )


class _Inspection:
    """One look at a project."""

    def __init__(self, project: str, shown: str, progress: Progress) -> None:
        self._project = project
        self._shown = shown
        self._progress = progress
        self._tree = WorkTree(project)
        self._rules = load_rules()
        self._source = self._find_source()

    def propose(self) -> Proposal:
        plain, before = self._judged(Config(source=self._source))
        known = {each.fingerprint for each in before.diagnostics}
        without: set[Claim] = set()
        while True:
            inferred = self._inferred(plain, without)
            files = {NAME: written(inferred, self._source), **dict(sorted(inferred.schemas.items()))}
            _, after = self._judged(self._load(files))
            new = [each for each in after.diagnostics if each.fingerprint not in known]
            wrong = self._wrong(inferred, new)
            if not wrong - without:
                break
            without |= wrong
        return Proposal(
            files,
            inferred,
            self._fits(inferred, new),
            list(self._outliers(plain, inferred, new)),
            self._is_copied(plain),
            len(before.diagnostics),
        )

    def _find_source(self) -> str:
        """The folder of the site, relative to the project: where the generator's config lies, here or a little below."""
        if self._tree.is_file(GENERATOR_CONFIG):
            return ""
        found = [path for path in self._below("", _FAR) if self._tree.is_file(f"{path}/{GENERATOR_CONFIG}")]
        if len(found) > 1:
            first = ", ".join(found[:3])
            advice = f"name one of them: contentlint init --root {found[0]}"
            raise UnusableError(Fault(self._shown, None, f"there are several sites here: {first}", advice))
        return found[0] if found else ""

    def _below(self, folder: str, depth: int) -> Iterable[str]:
        for name, leads in self._tree.folder(folder).folders.items():
            if leads is None and not name.startswith((".", "_")) and name not in ("node_modules", "vendor"):
                path = f"{folder}/{name}" if folder else name
                yield path
                if depth > 1:
                    yield from self._below(path, depth - 1)

    def _judged(self, config: Config) -> tuple[Assembled, Report]:
        assembly = Assembly(self._tree, config, self._progress)
        assembled = assembly.assemble()
        self._read = assembly.files.facts
        if not any(target.kind in ("page", "post", "draft", "document") for target in assembled.site.targets):
            what = "no page is here: there is nothing to infer from"
            advice = "run in the folder of a Jekyll site, or name it with --root"
            raise UnusableError(Fault(self._shown, None, what, advice))
        running = chosen(config, self._rules)
        running["internal-error"] = Chosen(Severity.ERROR, self._rules["internal-error"].options())
        return assembled, Judge(assembled, self._rules, running, None).report()

    def _inferred(self, assembled: Assembled, without: set[Claim]) -> Inferred:
        settings = assembled.settings
        folder = f"{settings.source}/" if settings.source else ""
        within = f"{folder}{settings.config['includes_dir']}"
        templates = {path.removeprefix(within + "/"): assembled.text(path) for path in self._files(within)}
        taken = self._tree.folder(FOLDER).files
        return infer(assembled.site, settings.config, settings.plugins, templates, self._read, taken, without)

    def _files(self, folder: str) -> Iterable[str]:
        there = self._tree.folder(folder)
        yield from (f"{folder}/{name}" for name in there.files)
        for name in there.folders:
            yield from self._files(f"{folder}/{name}")

    def _load(self, files: Mapping[str, str]) -> Config:
        """The config as it will be read."""

        def read(path: str) -> bytes:
            return files[path].encode("utf-8", "surrogatepass")

        return load(self._project, None, self._rules, read=read, names=lambda _: list(files))

    def _wrong(self, inferred: Inferred, new: Sequence[Diagnostic]) -> set[Claim]:
        """What is said of a kind that more of its pages contradict than can be oversights.

        Of a schema each key has been held against all pages before; together they may miss more of them. What is unique
        is so among the pages of its kind, and is not to be if another kind has the same.
        """
        against: dict[Claim, set[str]] = {}
        for each in new:
            if each.rule in _OF_INCLUDES:
                against.setdefault(("", "includes"), set()).add(each.path)
            elif (said := self._said(inferred, each.path)) is not None:
                against.setdefault((said.match, _CLAIM_OF.get(each.rule, "references")), set()).add(each.path)
        counts = {each.match: each.count for each in (*inferred.pages, *inferred.data)}
        counts[""] = max((each.uses for each in inferred.includes.values()), default=0)
        odd = {each.source.path for each in inferred.odd}
        wrong = set()
        for (match, claim), paths in against.items():
            few = 0 if claim == "unique" else outliers(counts[match])
            if claim in ("schema", "references"):
                few = counts[match] // _SOME
            if len(paths - odd) > few:
                wrong.add((match, claim))
        return wrong

    def _said(self, inferred: Inferred, path: str) -> Said | None:
        """What is said of a page or data file, by its path relative to the project."""
        relative = path.removeprefix(f"{self._source}/") if self._source else path
        for each in (*inferred.pages, *inferred.data):
            if compile_pattern(each.match).match(relative) is not None:
                return each if each.is_something else None
        return None

    def _fits(self, inferred: Inferred, new: Sequence[Diagnostic]) -> dict[str, int]:
        odd = {each.path for each in new} | {each.source.path for each in inferred.odd}
        misfits = Counter(said.match for path in odd if (said := self._said(inferred, path)) is not None)
        return {each.match: each.count - misfits[each.match] for each in inferred.pages}

    def _outliers(self, plain: Assembled, inferred: Inferred, new: Sequence[Diagnostic]) -> Iterator[Outlier]:
        told = {(each.path, each.span.line, each.value) for each in new}
        found = [Outlier(each.path, each.span.line, each.span.column, f"{each.message}{_aside(each)}") for each in new]
        for each in inferred.odd:
            place = each.source.key_place(each.key)
            span = Lines(plain.text(place.path)).span(place.start, place.end)
            if (place.path, span.line, str(each.key[-1])) not in told:
                found.append(Outlier(place.path, span.line, span.column, each.message))
        yield from sorted(set(found))

    def _is_copied(self, plain: Assembled) -> bool:
        """Whether Jekyll would take the files for a part of the site."""
        listed = [str(each).strip("/") for each in plain.settings.config["exclude"]]
        return not self._source and not {NAME, FOLDER} <= set(listed)


def _aside(diagnostic: Diagnostic) -> str:
    return f" ({diagnostic.help})" if diagnostic.help.startswith("did you mean") else ""


def diff(proposal: Proposal) -> Iterator[str]:
    """All that is to be written, as `diff -u` shows new files."""
    for path, text in proposal.files.items():
        lines = text.splitlines()
        yield "--- /dev/null"
        yield f"+++ {path}"
        yield f"@@ -0,0 +1,{len(lines)} @@"
        yield from (f"+{line}" for line in lines)


def told(proposal: Proposal) -> Iterator[str]:
    """What was inferred and who differs, for people."""
    for each in proposal.inferred.pages:
        if each.is_something:
            fit = proposal.fits[each.match]
            told = f"all {each.count} pages fit" if fit == each.count else f"{fit} of {each.count} pages fit"
            yield f"{each.match}: {told}" + (f" {each.schema}" if each.schema else "")
    for each in proposal.inferred.data:
        yield f"{each.match}: {each.schema}"
    for name, contract in proposal.inferred.includes.items():
        asks = [
            *(f"needs {key}" for key in contract.needs),
            *(f"{p} names {way}" for p, way in contract.params.items()),
        ]
        yield f"{{% include {name} %}}: {', '.join(asks)} (on {contract.uses} pages)"
    if proposal.outliers:
        yield ""
        yield "These differ from the others of their kind, and are often mistakes:"
        yield from (f"{each.path}:{each.line}:{each.column}: {each.message}" for each in proposal.outliers)
    if proposal.problems:
        there = "1 problem that needs" if proposal.problems == 1 else f"{proposal.problems} problems that need"
        yield ""
        yield f"contentlint check finds {there} no config; contentlint baseline records what has to wait."
    if proposal.copied:
        yield ""
        yield f"Jekyll would copy these files to the site. In _config.yml: exclude: [{NAME}, {FOLDER}]"
