"""Whether the files of a pack agree with each other: every name they use is a name they define."""

from collections import Counter
from collections.abc import Iterable, Iterator

from plenum.packs.faults import Fault
from plenum.packs.schema import Files, FormRow, RuleRow
from plenum.packs.values import Behaviour
from plenum.periods import Period, PeriodError, PeriodKind


def faults(files: Files) -> Iterator[Fault]:
    """Every contradiction between the entries of a pack whose files are each well-formed."""
    yield from _kind_faults(files)
    yield from _heading_faults(files)
    yield from _form_faults(files)
    yield from _indicator_faults(files)
    yield from _rule_faults(files)
    yield from _schedule_faults(files)
    yield from _second_factor_faults(files)


def _one_of(names: Iterable[str]) -> str:
    return "write one of: " + ", ".join(sorted(names))


def _kind_faults(files: Files) -> Iterator[Fault]:
    kinds = files.kinds.kinds
    if not any(kind.root for kind in kinds.values()):
        yield Fault("kinds.toml", "", "root", "no kind may stand at the top", "set root = true on one kind")
    for code, kind in kinds.items():
        entry = f"kind {code}"
        if not kind.root and not kind.under:
            yield Fault("kinds.toml", entry, "under", "stands nowhere", "add an under entry or root = true")
        for under in kind.under:
            parent = kinds.get(under.kind)
            if parent is None:
                yield Fault("kinds.toml", entry, "under", f"there is no kind “{under.kind}”", _one_of(kinds))
            elif not kind.span.covers(under.span) or not parent.span.covers(under.span):
                yield Fault(
                    "kinds.toml",
                    entry,
                    "under",
                    f"stands under {under.kind} on days when one of the two kinds is not valid",
                    "shorten the span to the days on which both kinds are valid",
                )
            elif parent.level >= kind.level:
                yield Fault(
                    "kinds.toml",
                    entry,
                    "level",
                    f"level {kind.level} is not below level {parent.level} of {under.kind}",
                    "give the lower kind the larger level",
                )


def _heading_faults(files: Files) -> Iterator[Fault]:
    kinds, headings = files.kinds.kinds, files.reports.headings
    for code in kinds:
        if code not in headings:
            yield Fault("reports.toml", f"heading {code}", "", "is missing", f"add [headings.{code}]")
    for code in headings:
        if code not in kinds:
            yield Fault("reports.toml", f"heading {code}", "", f"there is no kind “{code}”", _one_of(kinds))


def _form_faults(files: Files) -> Iterator[Fault]:
    for code, form in files.forms.forms.items():
        entry = f"form {code}"
        for kind in form.kinds:
            if kind not in files.kinds.kinds:
                problem = f"there is no kind “{kind}”"
                yield Fault("forms.toml", entry, "kinds", problem, _one_of(files.kinds.kinds))
        for number, times in Counter(place.number for place in form.slots).items():
            if times > 1:
                problem = f"number {number} is given {times} times"
                yield Fault("forms.toml", entry, "slots", problem, "give every slot its own number")
        for slot, times in Counter(place.slot for place in form.slots).items():
            if slot not in files.forms.slots:
                problem = f"there is no slot “{slot}”"
                remedy = f"define [slots.{slot}] or correct the name"
                yield Fault("forms.toml", entry, "slots", problem, remedy)
            if times > 1:
                problem = f"slot {slot} stands in it {times} times"
                yield Fault("forms.toml", entry, "slots", problem, "keep it once")
        yield from _check_faults(entry, form)


def _check_faults(entry: str, form: FormRow) -> Iterator[Fault]:
    known = {place.slot for place in form.slots}
    for number, check in enumerate(form.checks, start=1):
        single = (check.total, check.left, check.right, check.carried, check.now)
        terms = [*(term for term in single if term), *check.parts, *check.plus, *check.minus]
        for term in terms:
            if term not in known:
                problem = f"the form has no slot “{term}”"
                yield Fault("forms.toml", entry, f"check {number}", problem, _one_of(known))
        if len(set(terms)) < len(terms):
            remedy = "name every slot once"
            yield Fault("forms.toml", entry, f"check {number}", "names a slot twice", remedy)


def _indicator_faults(files: Files) -> Iterator[Fault]:
    in_forms = {place.slot for form in files.forms.forms.values() for place in form.slots}
    orders = Counter(row.order for row in files.indicators.indicators.values())
    for code, row in files.indicators.indicators.items():
        entry = f"indicator {code}"
        terms = {"value": row.value, "numerator": row.numerator, "denominator": row.denominator}
        slots = [(field, slot) for field, slot in terms.items() if slot]
        if not row.register_kinds:
            slots += [("parts", slot) for slot in row.parts]
        for field, slot in slots:
            if slot not in in_forms:
                problem = f"no form has the slot “{slot}”"
                yield Fault("indicators.toml", entry, field, problem, _one_of(in_forms))
            elif slot in files.forms.slots and files.forms.slots[slot].behaviour is not row.behaviour:
                problem = f"slot {slot} is a {files.forms.slots[slot].behaviour.value}"
                remedy = f"an indicator that is a {row.behaviour.value} needs slots of the same behaviour"
                yield Fault("indicators.toml", entry, field, problem, remedy)
        for kind in row.register_kinds:
            if kind not in files.kinds.kinds:
                problem = f"there is no kind “{kind}”"
                yield Fault("indicators.toml", entry, "register_kinds", problem, _one_of(files.kinds.kinds))
        if row.register_kinds and row.behaviour is not Behaviour.STOCK:
            remedy = 'write behaviour = "stock"'
            yield Fault("indicators.toml", entry, "behaviour", "the register counts what there is", remedy)
        if row.register_kinds and row.parts:
            remedy = "leave parts out: the kinds are its breakdown"
            yield Fault("indicators.toml", entry, "parts", "a count from the register has no slots", remedy)
        if orders[row.order] > 1:
            problem = f"order {row.order} is given to {orders[row.order]} indicators"
            yield Fault("indicators.toml", entry, "order", problem, "give every indicator its own place")


def _rule_faults(files: Files) -> Iterator[Fault]:
    rules = files.verdicts.rules
    for index, rule in enumerate(rules):
        for other in rules[index + 1 :]:
            if other.code == rule.code and other.span.overlaps(rule.span):
                problem = f"holds at the same time as another of this code ({rule.span} and {other.span})"
                remedy = "end the earlier one on the day the later one begins"
                yield Fault("verdicts.toml", f"rule {rule.code}", "from", problem, remedy)
        if rule.code.startswith("sizes."):
            yield from _size_faults(files, rule)


def _size_faults(files: Files, rule: RuleRow) -> Iterator[Fault]:
    """A rule `sizes.KIND` names an indicator that counts a stock, and says `fewest`, `most` or both."""
    entry, kind = f"rule {rule.code}", rule.code.removeprefix("sizes.")
    if kind not in files.kinds.kinds:
        yield Fault("verdicts.toml", entry, "code", f"there is no kind “{kind}”", _one_of(files.kinds.kinds))
    stocks = {
        code
        for code, row in files.indicators.indicators.items()
        if row.value and row.behaviour is Behaviour.STOCK
    }
    if rule.values.get("indicator") not in stocks:
        yield Fault("verdicts.toml", entry, "values", "its indicator counts no stock", _one_of(stocks))
    bounds = [rule.values[name] for name in ("fewest", "most") if name in rule.values]
    if not bounds or any(isinstance(each, bool) or not isinstance(each, int) for each in bounds):
        yield Fault(
            "verdicts.toml", entry, "values", "it has no limit", "write fewest, most or both as numbers"
        )
    elif bounds != sorted(bounds, key=int):
        yield Fault("verdicts.toml", entry, "values", "fewest is more than most", "correct one of them")


def _schedule_faults(files: Files) -> Iterator[Fault]:
    for code, row in files.schedules.schedules.items():
        entry = f"schedule {code}"
        try:
            periods = [Period.parse(f"2023-{suffix}" if suffix else "2023") for suffix in row.periods]
        except PeriodError as error:
            remedy = 'write "" for the year, or Q1 … Q4, H1, H2, 9M, 01 … 12'
            yield Fault("schedules.toml", entry, "periods", str(error), remedy)
            continue
        months = [month.code for period in periods for month in period.months]
        if months != [Period(2023, PeriodKind.MONTH, number).code for number in range(1, 13)]:
            remedy = "list periods in order so that each month of the year is in exactly one"
            yield Fault("schedules.toml", entry, "periods", "they do not make up one year", remedy)


def _second_factor_faults(files: Files) -> Iterator[Fault]:
    rows = files.sign_in.second_factor
    given = {code for each in files.grants.power_sets.values() for code in each.powers}
    for index, row in enumerate(rows):
        for code in row.powers:
            if code not in given:
                problem = f"no set of powers has “{code}”"
                yield Fault("sign_in.toml", f"second_factor {index}", "powers", problem, _one_of(given))
        for other in rows[index + 1 :]:
            if other.span.overlaps(row.span):
                problem = f"holds at the same time as another ({row.span} and {other.span})"
                remedy = "end the earlier one on the day the later one begins"
                yield Fault("sign_in.toml", f"second_factor {index}", "from", problem, remedy)
