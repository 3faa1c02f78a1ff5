"""What is told, in which order, in both languages."""

from dataclasses import dataclass, replace

import pytest

from bot import report
from bot.history import Change, RunLine
from bot.render.text import plain_text
from bot.report import Action, Icon, Line, Progress, Report
from bot.run import Language, Place, Record, Run, RunId, State, Step
from bot.spans import Code, plain
from bot.wording import Say, Wording, shipped
from checks.authority_findings import AuthorityDnsHost
from checks.case import Case, Sent, Target, Window
from checks.causes import Cause
from checks.check import (
    CheckName,
    CheckSkipped,
    CheckTimedOut,
    Count,
    DomainName,
    Finding,
    ListName,
    Seconds,
    Severity,
    Url,
)
from checks.diagnosis import Confidence, Diagnosis, Suspect
from checks.network.answers import Evidence


@dataclass(frozen=True, kw_only=True)
class SampleTooMany(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    lookups: Count


@dataclass(frozen=True, kw_only=True)
class SampleMissing(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    name: DomainName


class SampleFine(Finding, severity=Severity.OK):
    pass


class SampleTidy(Finding, severity=Severity.NOTICE):
    pass


EN = """
SAMPLE_TOO_MANY = { $lookups } look-ups are too many
    .detail = Receivers give up.
    .fix = DNS admin: remove some.
    .paste = v=spf1 -all
SAMPLE_MISSING = No record for { $name }
    .detail = Some receivers mind.
SAMPLE_FINE = All is well
    .detail = Nothing to add.
SAMPLE_TIDY = A remark
    .detail = Hygiene.
"""
TEXTS = shipped().with_text(Language.EN, "test.ftl", EN).with_text(Language.JA, "test.ftl", EN)
EN_WORDS = Wording(Language.EN, strict=True, catalogues=TEXTS)
JA_WORDS = Wording(Language.JA, strict=True, catalogues=TEXTS)
BOTH = pytest.mark.parametrize("words", [EN_WORDS, JA_WORDS], ids=["en", "ja"])


def step(check: str, *findings: Finding, ms: float = 100.0) -> Step:
    verdict = max(finding.severity for finding in findings)
    return Step(check=check, verdict=verdict, findings=findings, facts=None, started=0.0, ms=ms)


TOO_MANY = SampleTooMany(lookups=Count(12), evidence=(1, 2, 3, 4, 5))
MISSING = SampleMissing(name=DomainName("example.com"))
SPF = step("spf", SampleFine(), TOO_MANY)
DMARC = step("dmarc", MISSING)
DKIM = step("dkim", CheckTimedOut(after=Seconds(8.0)))
MX = step("mx", SampleFine())
PROVIDER = step("provider", SampleTidy())
EVIDENCE = tuple(
    Evidence(
        number=number,
        kind="dns",
        question=f"TXT q{number}.example.com",
        answer=("<!channel>",),
        server="192.0.2.53",
        started=1.79e9,
        ms=5.0,
        asked_by=("spf",),
    )
    for number in range(1, 6)
)
RUN = Run(
    id=RunId("01RUN"),
    case=Case(target=Target(domain="example.com"), sender_ip="192.0.2.1", size=30_000_000, sent=Sent(800, Window.DAY)),
    asked_by="U0DESK",
    place=Place(),
    language=None,
    asked_at=1.79e9,
    version="1",
    steps=("domain", "mx", "spf", "dkim", "dmarc", "provider", "limits"),
)
DIAGNOSIS = Diagnosis(
    verdict=Severity.PROBLEM,
    suspects=(
        Suspect(cause=Cause.DOMAIN_AUTH, confidence=Confidence.LIKELY, codes=(TOO_MANY.code, MISSING.code)),
        Suspect(cause=Cause.REVERSE_DNS, confidence=Confidence.POSSIBLE, codes=()),
    ),
    unexplained=(),
    unknown=("dkim",),
)
RECORD = Record(
    run=RUN,
    state=State.DONE,
    verdict=Severity.PROBLEM,
    elapsed_ms=3120.0,
    queries=8,
    steps=(MX, SPF, DKIM, DMARC, PROVIDER),
    evidence=EVIDENCE,
    diagnosis=DIAGNOSIS,
)


def rows(told: Report) -> list[str]:
    return [row.strip() for row in plain_text(told).split("\n") if row]


# --- Parent ----------------------------------------------------------------------------------------------------------


def test_the_parent_shows_the_state_of_every_step() -> None:
    told = report.parent(RUN, Progress(done=(MX, DMARC, SPF, PROVIDER, DKIM), running={"limits"}), EN_WORDS)
    assert rows(told) == [
        "» Checking example.com",
        "▰▰▰▰▰▰▰▱▱▱  5 of 7 steps done",
        "✗ SPF: 12 look-ups are too many",
        "! DMARC: No record for example.com",
        "? DKIM: This step did not finish within 8 s",
        "i Fine, with a remark: Mail provider",
        "✓ Fine: Mail hosts (MX)",
        "» Running: Sending limits",
        "· Waiting: Domain",
        "sending IP 192.0.2.1 · 30 MB · 800 sent per day",
        "Asked by @U0DESK, 2026-09-21 14:13 UTC",
    ]
    assert told.fallback == "Checking example.com · 5 of 7 steps done"


@BOTH
@pytest.mark.parametrize("count", range(8))
def test_no_step_is_ever_left_out_of_the_parent(words: Wording, count: int) -> None:
    done = tuple(step(name, SampleFine()) for name in RUN.steps[:count])
    for state in State:
        told = plain_text(report.parent(RUN, Progress(done=done, running=RUN.steps[3:5], state=state), words))
        assert all(plain(words.check(name)) in told for name in RUN.steps)


def test_the_parent_of_a_finished_run_says_the_verdict_and_how_long_it_took() -> None:
    told = report.parent(RUN, Progress(done=(MX, SPF), state=State.DONE, elapsed_ms=3120.0), EN_WORDS)
    assert rows(told)[:2] == ["✗ example.com: problem found", "7 steps in 3.1 s"]


def test_the_parent_of_an_interrupted_run_names_what_was_not_reached() -> None:
    told = rows(report.parent(RUN, Progress(done=(MX,), state=State.INTERRUPTED), EN_WORDS))
    assert told[0] == "■ example.com: the check was interrupted"
    assert "■ Not reached: Domain, SPF, DKIM, DMARC, Mail provider and Sending limits" in told


def test_the_parent_of_a_run_in_the_queue_says_how_many_are_ahead() -> None:
    assert "2 checks are ahead of this one. It starts by itself." in plain_text(
        report.parent(RUN, Progress(ahead=2), EN_WORDS)
    )


def test_the_parent_speaks_japanese() -> None:
    told = rows(report.parent(RUN, Progress(done=(MX,), running={"spf"}), JA_WORDS))
    assert told[0] == "» example.com を確認しています"
    assert "✓ 問題なし：メールサーバー（MX）" in told
    assert "送信元 IP 192.0.2.1 · 30 MB · 1 日あたり 800 通" in told


# --- Thread ----------------------------------------------------------------------------------------------------------


def test_a_folded_reply_tells_the_worst_first_with_what_to_do_and_what_to_paste() -> None:
    told = report.step_reply((MX, DMARC, SPF), EVIDENCE, EN_WORDS)
    assert rows(told) == [
        "✗ SPF · 0.1 s",
        "✗ 12 look-ups are too many",
        "Receivers give up.",
        "What to do: DNS admin: remove some.",
        "To paste:",
        "v=spf1 -all",
        "✓ All is well",
        f"Evidence: {', '.join(f'#{n} TXT q{n}.example.com @ 192.0.2.53' for n in (1, 2, 3))} and 2 more",
        "! DMARC · 0.1 s",
        "! No record for example.com",
        "Some receivers mind.",
        "✓ Mail hosts (MX) · 0.1 s",
        "✓ All is well",
    ]
    assert told.fallback == "SPF: problem found · DMARC: needs attention · Mail hosts (MX): fine"


def test_a_step_says_how_many_of_its_findings_another_version_wrote() -> None:
    told = plain_text(report.step_reply((replace(MX, unread=2),), (), EN_WORDS))
    assert "2 results left out: written by another version of Mailcheck" in told


# --- Summary ---------------------------------------------------------------------------------------------------------


def test_the_summary_begins_with_the_cause_who_acts_and_the_first_step() -> None:
    told = report.summary(RECORD, EN_WORDS)
    assert rows(told) == [
        "✗ Most likely cause: Receivers cannot confirm that the mail is really from this domain",
        "How sure: likely",
        "Who has to act: the sender’s mail or DNS admin",
        "First step: DNS admin: remove some.",
        "To paste:",
        "v=spf1 -all",
        "Shown by:",
        "✗ 12 look-ups are too many",
        "! No record for example.com",
        "Also possible",
        "! The sending IP address has no proper reverse DNS. To act: the sender’s mail or DNS admin.",
        "Could not tell",
        "? DKIM: This step did not finish within 8 s",
    ]
    assert [button.action for button in told.buttons] == list(Action)
    assert {button.run for button in told.buttons} == {RUN.id}


def test_what_could_not_be_told_is_never_a_clean_bill() -> None:
    nothing = replace(DIAGNOSIS, suspects=(), unknown=("dkim",))
    told = rows(report.summary(replace(RECORD, steps=(MX, DKIM), diagnosis=nothing), EN_WORDS))
    assert told[0] == "? Nothing found that stops mail, but some points are open"
    told = rows(report.summary(replace(RECORD, steps=(DKIM,), diagnosis=nothing), EN_WORDS))
    assert told[0] == "? Could not tell what stops the mail"
    clear = rows(report.summary(replace(RECORD, steps=(MX,), diagnosis=nothing), EN_WORDS))
    assert clear[0] == "✓ Nothing found that stops mail in what was asked for: Mail hosts (MX)"
    whole = tuple(step(name, SampleFine()) for name in RUN.steps)
    clear = rows(report.summary(replace(RECORD, steps=whole, diagnosis=nothing), EN_WORDS))
    assert clear[0] == "✓ Nothing found that stops mail"


@dataclass(frozen=True, kw_only=True)
class SamplePlan(Finding, severity=Severity.PROBLEM, cause=Cause.DOMAIN_AUTH):
    """A finding with a plan of several points, and a text to paste."""


def test_the_summary_tells_the_first_point_of_a_plan_and_pastes_only_what_belongs_to_it() -> None:
    texts = """
SAMPLE_PLAN = A plan
    .detail = Detail.
    .fix = In this order:
        1. DNS admin: first.
        2. Mail admin: second.
"""
    words = Wording(Language.EN, strict=True, catalogues=TEXTS.with_text(Language.EN, "plan.ftl", texts))
    suspect = Suspect(cause=Cause.DOMAIN_AUTH, confidence=Confidence.LIKELY, codes=(SamplePlan().code, TOO_MANY.code))
    steps = (step("spf", SamplePlan()), step("dmarc", TOO_MANY))
    told = rows(report.summary(replace(RECORD, steps=steps, diagnosis=replace(DIAGNOSIS, suspects=(suspect,))), words))
    assert "First step: DNS admin: first." in told
    assert "The steps after that are told in the thread, under SPF." in told
    assert not any("v=spf1" in row for row in told), "the text of another finding"


def test_a_record_to_paste_comes_with_the_place_to_paste_it() -> None:
    host = AuthorityDnsHost(
        zone=DomainName("example.com"), host=ListName("Hosting"), page=Url("https://example.net/dns"), language=None
    )
    with_host = replace(RECORD, steps=(*RECORD.steps, step("authority", host)))
    told = rows(report.summary(with_host, EN_WORDS))
    place = next(row for row in told if "example.net/dns" in row)
    assert told.index(place) < told.index("To paste:")
    elsewhere = replace(DIAGNOSIS, suspects=DIAGNOSIS.suspects[1:])
    assert not any(
        "example.net" in row for row in rows(report.summary(replace(with_host, diagnosis=elsewhere), EN_WORDS))
    )


def test_an_open_point_says_itself_what_would_settle_it() -> None:
    nothing = replace(DIAGNOSIS, suspects=(), unknown=("dkim",))
    told = rows(report.summary(replace(RECORD, steps=(MX, DKIM), diagnosis=nothing), EN_WORDS))
    assert told[1] == f"First step: {plain(EN_WORDS.fix(DKIM.findings[0]) or ())}"


@pytest.mark.parametrize("steps", [(), (MX,)])
def test_an_interrupted_run_is_no_clean_bill_either(steps: tuple[Step, ...]) -> None:
    told = rows(report.summary(replace(RECORD, state=State.INTERRUPTED, steps=steps, diagnosis=None), EN_WORDS))
    assert told[0] == "? Could not tell what stops the mail"
    assert told[-1] == "■ The check ended early, so this is a part of the picture"


def test_a_cause_that_only_the_bounce_names_says_so_and_gives_its_own_first_step() -> None:
    suspect = Suspect(cause=Cause.SENDER_QUOTA, confidence=Confidence.LIKELY, codes=())
    told = rows(report.summary(replace(RECORD, diagnosis=replace(DIAGNOSIS, suspects=(suspect,))), EN_WORDS))
    assert "Only the bounce says so; the live checks did not see it." in told
    assert any(row.startswith("First step: Wait until the limit is reset") for row in told)


def test_a_finding_without_a_cause_is_told_in_the_summary() -> None:
    alone = replace(DIAGNOSIS, suspects=(), unexplained=(TOO_MANY.code,))
    told = rows(report.summary(replace(RECORD, diagnosis=alone), EN_WORDS))
    assert told[:2] == ["Found, but not tied to one cause", "✗ 12 look-ups are too many"]


@BOTH
@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("confidence", Confidence)
def test_every_cause_has_its_words(words: Wording, cause: Cause, confidence: Confidence) -> None:
    diagnosis = replace(DIAGNOSIS, suspects=(Suspect(cause=cause, confidence=confidence, codes=()),))
    told = report.summary(replace(RECORD, diagnosis=diagnosis), words)
    assert plain(words.name(cause)) in plain_text(told)


# --- History, help, mistakes, notices --------------------------------------------------------------------------------

ROW = RunLine(
    id=RunId("01RUN"),
    target="xn--bcher-kva.example",
    ticket=None,
    asked_by="U0DESK",
    asked_at=1.79e9,
    state=State.DONE,
    verdict=Severity.WARNING,
    causes=(Cause.REVERSE_DNS,),
)


def test_the_history_lists_runs_with_their_likeliest_cause() -> None:
    told = report.history_list((ROW, replace(ROW, state=State.OPEN, verdict=None, causes=())), EN_WORDS)
    assert rows(told) == [
        "Last checks of all targets",
        "! 2026-09-21 14:13 UTC · bücher.example (xn--bcher-kva.example) · needs attention · 01RUN",
        "The sending IP address has no proper reverse DNS",
        "» 2026-09-21 14:13 UTC · bücher.example (xn--bcher-kva.example) · running · 01RUN",
    ]
    assert rows(report.history_list((), EN_WORDS, Code("example.com"))) == ["No checks of example.com yet"]


def test_a_comparison_names_what_is_new_and_what_is_gone() -> None:
    before, after = replace(RECORD, steps=(DMARC,)), replace(RECORD, steps=(SPF,))
    changes = (
        Change(check="spf", appeared=(TOO_MANY.code,), gone=()),
        Change(check="dmarc", appeared=(), gone=(MISSING.code,)),
    )
    assert rows(report.diff(before, after, changes, EN_WORDS)) == [
        "example.com: what changed since 2026-09-21 14:13 UTC",
        "SPF",
        "✗ New: 12 look-ups are too many",
        "DMARC",
        "! Gone: No record for example.com",
    ]
    assert rows(report.diff(before, after, (), EN_WORDS))[-1] == "✓ Nothing changed"


def test_the_last_run_is_told_with_its_steps_and_its_answer() -> None:
    told = rows(report.last_run(RECORD, EN_WORDS))
    assert told[0] == "✗ example.com, last checked 2026-09-21 14:13 UTC: problem found"
    assert "✗ SPF: 12 look-ups are too many" in told
    assert "First step: DNS admin: remove some." in told


def test_a_terminal_gets_the_steps_in_display_order_and_the_answer_last() -> None:
    told = rows(report.terminal(RECORD, EN_WORDS))
    titles = [row for row in told if " · 0.1 s" in row]
    assert titles == [
        "✓ Mail hosts (MX) · 0.1 s",
        "✗ SPF · 0.1 s",
        "? DKIM · 0.1 s",
        "! DMARC · 0.1 s",
        "i Mail provider · 0.1 s",
    ]
    assert told.index(titles[-1]) < next(i for i, row in enumerate(told) if "Most likely cause" in row)


@BOTH
def test_the_help_shows_commands_as_typed_here(words: Wording) -> None:
    told = rows(report.help_text(words, "mailcheck"))
    assert "mailcheck example.com" in told
    assert all(isinstance(line, Line) for section in report.help_text(words).sections for line in section.lines)


def test_a_mistake_is_one_line_and_an_example() -> None:
    told = report.mistake(EN_WORDS, Say.MISTAKE_UNKNOWN_KEY, "/mailcheck example.com", word="ipp:", suggestion="ip:")
    assert rows(told) == ["i ipp: is not known. Did you mean ip:?", "Example: /mailcheck example.com"]
    bare = report.mistake(EN_WORDS, Say.MISTAKE_UNKNOWN_KEY, "/mailcheck example.com", word="ipp:", suggestion="")
    assert rows(bare)[0] == "i ipp: is not known"


def test_a_notice_is_one_line() -> None:
    told = report.notice(JA_WORDS, Say.NOTICE_INVITE, command="/invite @mailcheck")
    [section] = told.sections
    [line] = section.lines
    assert isinstance(line, Line)
    assert line.icon is Icon.NOTICE
    assert "/invite @mailcheck" in told.fallback


SKIPPED = tuple(step(name, CheckSkipped(because=CheckName("domain"))) for name in ("mx", "spf", "dmarc"))


@BOTH
def test_steps_left_out_for_one_reason_are_told_in_one_line(words: Wording) -> None:
    progress = Progress(done=SKIPPED, state=State.DONE, elapsed_ms=10.0)
    gone = replace(RECORD, steps=SKIPPED, diagnosis=replace(DIAGNOSIS, suspects=(), unknown=()))
    for told in (
        report.parent(replace(RUN, steps=("mx", "spf", "dmarc")), progress, words),
        report.step_reply(SKIPPED, (), words),
        report.summary(gone, words),
        report.terminal(gone, words),
    ):
        lines = [line for line in plain_text(told).splitlines() if "SPF" in line]
        assert len(lines) in {1, 2}, "once; in a terminal the answer at the end says it again"
        for line in lines:
            assert "DMARC" in line
            assert plain(words.check("domain")) in line


@BOTH
def test_a_run_whose_every_step_was_left_out_is_no_clean_bill(words: Wording) -> None:
    gone = replace(RECORD, steps=SKIPPED, diagnosis=replace(DIAGNOSIS, suspects=(), unknown=()))
    told = plain_text(report.summary(gone, words))
    assert plain(words.say(Say.SUMMARY_OPEN)) in told
    assert plain(words.say(Say.SUMMARY_CLEAR)) not in told
