"""What is wrong with the catalogues, found without a reader: for the tests and for whoever adds a text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.run import Language
from bot.wording import NAMED, Catalogues, Say, id_of, shipped
from checks.causes import Cause
from checks.check import Finding

_FINDING_PARTS = frozenset({"detail", "fix", "paste", "figure"})
_CAUSE_PARTS = frozenset({"first", "owner"})
_JUNK = re.compile(
    r"(?P<exclamation_mark>[!！])"
    r"|(?P<tab>\t)"
    r"|(?P<double_space>(?<=\S) {2,})"
    r"|(?P<three_full_stops>\.\.\.)"
    r"|(?P<markup>\*\*|__|</?\w+>|\]\()"
    r"|(?P<note_to_self>TODO|FIXME|XXX)"
    r"|(?P<half_width_kana>[\uff61-\uff9f])"
    r"|(?P<full_width_letter>[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a])"
    r"|(?P<western_mark_after_japanese>(?<=[\u3040-\u30ff\u4e00-\u9fff])[,.?;](?=\s|$))"
)
_SENTENCE_ENDS = (".", "?", ":", "。", "：", "`", "}")


@dataclass
class _Use(Visitor):
    """What a pattern refers to, and its own words."""

    variables: set[str] = field(default_factory=set[str])
    messages: set[str] = field(default_factory=set[str])
    words: list[str] = field(default_factory=list[str])

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - named by the library
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802 - named by the library
        self.messages.add(node.id.name)

    def visit_TextElement(self, node: ftl.TextElement) -> None:  # noqa: N802 - named by the library
        self.words.append(node.value)


def problems(codes: Iterable[type[Finding]], catalogues: Catalogues | None = None) -> list[str]:
    """List what is wrong with the texts; empty if nothing is.

    Every code and every sentence of the surfaces has a text in every language, and no text is left over; texts use the
    parameters of their code, and every parameter is told somewhere; the languages have the same ids and parts; no
    typographic junk.
    """
    catalogues = catalogues or shipped()
    known = {code.code: code for code in codes}
    found: list[str] = []
    messages: dict[Language, dict[str, ftl.Message]] = {}
    for language in Language:
        messages[language] = {}
        for file, entry in catalogues.entries(language):
            if isinstance(entry, ftl.Junk):
                found.append(f"{language}/{file}: cannot be read: {(entry.content or '').strip()[:80]!r}")
            if isinstance(entry, ftl.Message):
                if entry.id.name in messages[language]:
                    found.append(f"{language}/{file}: {entry.id.name} is there twice")
                messages[language][entry.id.name] = entry
        found += [f"{language}: {problem}" for problem in _of_language(messages[language], known)]
    found += _between(messages)
    return found


def _expected(known: Mapping[str, type[Finding]]) -> set[str]:
    named = {id_of(member) for kind in NAMED for member in kind}
    return {*known, *Say, *named}


def _of_language(messages: Mapping[str, ftl.Message], known: Mapping[str, type[Finding]]) -> Iterator[str]:
    expected = _expected(known)
    for name in sorted(expected - messages.keys()):
        yield f"{name} has no text"
    for name, message in messages.items():
        if name not in expected and not name.startswith("check-"):
            yield f"{name} is used by nothing"
        parts = dict(_parts(message))
        if message.value is None:
            yield f"{name} has no title"
        allowed = _FINDING_PARTS if name in known else _CAUSE_PARTS if name in _CAUSES else frozenset[str]()
        for part in parts.keys() - {""} - allowed:
            yield f"{name}.{part} is used by nothing"
        for part in ({"detail"} if name in known else {"first"} if name in _CAUSES else set[str]()) - parts.keys():
            yield f"{name}.{part} is missing"
        uses = {part: _use(pattern, messages) for part, pattern in parts.items()}
        for part, use in uses.items():
            label = name if not part else f"{name}.{part}"
            for reference in sorted(use.messages - messages.keys()):
                yield f"{label} refers to {reference}, which does not exist"
            yield from (f"{label}: {junk}" for junk in _typography(part, use.words, parts[part], name in known))
        if (code := known.get(name)) is not None:
            parameters = {each.name for each in fields(code)} - {"evidence"}
            used = {variable for use in uses.values() for variable in use.variables}
            for variable in sorted(used - parameters):
                yield f"{name} uses ${variable}, which the code does not have"
            for parameter in sorted(parameters - used):
                yield f"{name} never tells ${parameter}"


_CAUSES = frozenset(id_of(cause) for cause in Cause)


def _parts(message: ftl.Message) -> Iterator[tuple[str, ftl.Pattern]]:
    if message.value is not None:
        yield "", message.value
    for attribute in message.attributes:
        yield attribute.id.name, attribute.value


def _use(pattern: ftl.Pattern, messages: Mapping[str, ftl.Message]) -> _Use:
    use = _Use()
    use.visit(pattern)
    for name in [*use.messages]:
        if name in messages and (value := messages[name].value) is not None:
            inner = _Use()
            inner.visit(value)
            use.variables |= inner.variables
    return use


def _typography(part: str, words: list[str], pattern: ftl.Pattern, of_finding: bool) -> Iterator[str]:
    if part == "paste":  # literal: the rules of another language hold there
        return
    text = "".join(words)
    for word in words:
        for match in _JUNK.finditer(word):
            yield f"{str(match.lastgroup).replace('_', ' ')} in {word.strip()[:60]!r}"
    for char in text:
        if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Cn"}:
            yield f"invisible character U+{ord(char):04X}"
    if text.count("`") % 2:
        yield "a backtick without its partner"
    if not of_finding:
        return
    last = pattern.elements[-1] if pattern.elements else None
    if not isinstance(last, ftl.TextElement):
        return
    if not part and last.value.rstrip().endswith((".", "。")):
        yield "a title has no full stop"
    if part and not last.value.rstrip().endswith(_SENTENCE_ENDS):
        yield "a sentence ends with its mark"


def _between(messages: Mapping[Language, Mapping[str, ftl.Message]]) -> Iterator[str]:
    first, *others = messages
    for other in others:
        for name in sorted(messages[first].keys() ^ messages[other].keys()):
            only = first if name in messages[first] else other
            yield f"{name} is in {only} only"
        for name in sorted(messages[first].keys() & messages[other].keys()):
            here, there = (dict(_parts(messages[language][name])) for language in (first, other))
            for part in sorted(here.keys() ^ there.keys()):
                yield f"{name}.{part} is in {first if part in here else other} only"
            if name.islower():
                used = [
                    Counter(variable for pattern in parts.values() for variable in _use(pattern, {}).variables)
                    for parts in (here, there)
                ]
                if used[0].keys() != used[1].keys():
                    yield f"{name} uses ${', $'.join(sorted(used[0].keys() ^ used[1].keys()))} in one language only"
