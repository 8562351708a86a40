"""The last hand on a copy: what the gate let pass is written in the house style, and passes the gate again or stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.checking import Checker
from service.house_style import StyleRule
from service.judging import STRICT
from service.passages import Passage, PassageRewrite, Status, Suggestion

Parts = tuple[PassageRewrite, ...]


@dataclass(frozen=True)
class _Job:
    """A part of a rewrite to finish: its passage, whose findings are those of the house style."""

    passage: Passage
    part: PassageRewrite

    def under(self, rules: Sequence[StyleRule]) -> str:
        """Write the copy by some of the rules of its style."""
        style = replace(self.passage.brief.style, rules=tuple(rules))
        return replace(self.passage, brief=replace(self.passage.brief, style=style)).put_right(self.part.copy)


def finish_all(checker: Checker, passages: Sequence[Passage], rewrites: Sequence[Parts]) -> list[Parts]:
    """Write rewrites in their house style, as far as their facts come out right.

    Where the gate refuses a part that was finished by all rules, those that pass alone are tried together; then it
    stays as it is. What was kept as filed stays so, and a style that the rewriter has learned needs no hand. The
    findings of all others are those of their style, which drafts are not judged by.

    Args:
        checker: The fact gate.
        passages: What was rewritten.
        rewrites: For each passage its rewrite, which may be in several parts.
    """
    jobs = [
        _Job(replace(passage, text=part.source), part)
        for passage, parts in zip(passages, rewrites, strict=True)
        for part in parts
    ]
    finished = iter(_finish(checker, jobs))
    return [tuple(next(finished) for _ in parts) for parts in rewrites]


def _finish(checker: Checker, jobs: Sequence[_Job]) -> list[PassageRewrite]:
    wanting = [
        number
        for number, job in enumerate(jobs)
        if not job.passage.brief.style.learned and job.part.status is not Status.KEPT
    ]
    rules = {number: jobs[number].passage.brief.style.rules for number in wanting}
    found = dict(zip(wanting, _try(checker, [(jobs[n], rules[n]) for n in wanting]), strict=True))
    refused = [number for number in wanting if found[number] is None]
    trials = [(number, rule) for number in refused for rule in rules[number]]
    alone = _try(checker, [(jobs[number], (rule,)) for number, rule in trials])
    passing: dict[int, list[StyleRule]] = {number: [] for number in refused}
    for (number, rule), rewrite in zip(trials, alone, strict=True):
        if rewrite is not None:
            passing[number].append(rule)
    again = _try(checker, [(jobs[number], passing[number]) for number in refused])
    found |= dict(zip(refused, again, strict=True))
    done = [found.get(number) or _unfinished(job) for number, job in enumerate(jobs)]
    return [_finish_suggestion(checker, job, rewrite) for job, rewrite in zip(jobs, done, strict=True)]


def _finish_suggestion(checker: Checker, job: _Job, rewrite: PassageRewrite) -> PassageRewrite:
    """Write what is suggested in the house style too."""
    if rewrite.suggestion is None or job.passage.brief.style.learned:
        return rewrite
    copy = job.passage.put_right(rewrite.suggestion.copy)
    if copy == rewrite.suggestion.copy:
        return rewrite
    report = checker.check(rewrite.source, copy, point=STRICT)
    return replace(rewrite, suggestion=Suggestion(copy, report))


def _try(checker: Checker, trials: Sequence[tuple[_Job, Sequence[StyleRule]]]) -> list[PassageRewrite | None]:
    """Finish each part by some rules; None where the gate refuses it. One that does not change passes."""
    copies = [job.under(rules) for job, rules in trials]
    changed = [
        number
        for number, ((job, _), copy) in enumerate(zip(trials, copies, strict=True))
        if copy != job.part.copy and job.passage.keeps_terms(copy)
    ]
    reports = checker.check_all([(trials[n][0].part.source, copies[n]) for n in changed], point=STRICT)
    found: list[PassageRewrite | None] = [
        _unfinished(job) if copy == job.part.copy else None for (job, _), copy in zip(trials, copies, strict=True)
    ]
    for number, report in zip(changed, reports, strict=True):
        (job, _), copy = trials[number], copies[number]
        if report.faithful:
            unchanged = job.part.status is Status.UNCHANGED
            found[number] = replace(
                job.part,
                copy=copy,
                status=Status.REPAIRED if unchanged else job.part.status,
                report=report,
                findings=job.passage.find_faults(copy),
            )
    return found


def _unfinished(job: _Job) -> PassageRewrite:
    if job.passage.brief.style.learned:
        return job.part
    return replace(job.part, findings=job.passage.find_faults(job.part.copy))
