"""What is asked of the roll-ups, as text: `plenum.figures.queries.rollups` says which of it, and for which slots.

What stands in braces is put in there: expressions for each slot by its number, and which rows of the roll-ups are read.
"""

ASKED = """
    WITH ask AS (
        SELECT ask.key, ask.unit_id, span.first_month, span.month, span.last_day, span.year, span.span
        FROM unnest(%(keys)s::int[], %(asked)s::bigint[], %(places)s::int[]) AS ask(key, unit_id, place)
        JOIN unnest(%(firsts)s::date[], %(months)s::date[], %(lasts)s::date[], %(years)s::date[], %(spans)s::text[])
            WITH ORDINALITY AS span(first_month, month, last_day, year, span, place) USING (place)
    )
"""
SLOTS = """
    , slot AS (
        SELECT * FROM unnest(%(forms)s::text[], %(numbers)s::int[], %(codes)s::text[], %(kinds)s::text[])
            AS slot(form, number, code, kind)
    )
"""
AS_IT_STANDS = "figures_rollup"
AS_IT_WAS_KNOWN = """(
    SELECT unit_id, branch_id, kind, form, first_month, month, sums, counts, illustrative, quarter, half, year
    FROM figures_rollup WHERE since <= %(known_on)s
    UNION ALL
    SELECT unit_id, branch_id, kind, form, first_month, month, past.sums, past.counts, past.illustrative,
           past.quarter, past.half, past.year
    FROM figures_rollup later
    CROSS JOIN LATERAL (
        SELECT until, sums, counts, illustrative, quarter, half, year FROM figures_pastrollup past
        WHERE past.rollup_id = later.id AND past.since <= %(known_on)s ORDER BY past.since DESC LIMIT 1
    ) past
    WHERE later.since > %(known_on)s AND past.until > %(known_on)s
)"""
FIRSTS = """CROSS JOIN LATERAL (
        SELECT CASE {ask}.span WHEN 'month' THEN kept.counts WHEN 'quarter' THEN kept.quarter WHEN 'half' THEN kept.half
                             ELSE kept.year END AS units OFFSET 0) firsts"""
STANDING = "figures_standing"
STANDING_THEN = """(
    SELECT standing.unit_id, standing.form, standing.first_month, standing.month,
           {sums} AS sums, {counts} AS counts, {marks} AS illustrative
    FROM figures_standing standing
    JOIN figures_entry entry ON entry.return_id = standing.return_id AND entry.known_on <= %(known_on)s
    WHERE standing.unit_id = ANY ({units})
    GROUP BY standing.return_id
)"""
SEVERAL = "EXISTS (SELECT FROM figures_mixedyear WHERE make_date(year, 1, 1) = ANY (%(years)s::date[]))"
FEW = 10_000
"""So many changed units are looked up one by one; more are faster found by reading the places of all."""
_MOVED = """
    , absent AS MATERIALIZED (SELECT unit_id, parent_id FROM tree_absent(%(tree)s)),
    moment AS (
        SELECT DISTINCT start::date AS month, (start + interval '1 month')::date - 1 AS day
        FROM ask CROSS JOIN LATERAL generate_series(ask.first_month, ask.month, '1 month') AS start
    ),
    {near}
    changed AS MATERIALIZED (
        SELECT unit_id FROM absent {of_near}
        UNION
        SELECT unit_id FROM tree_placement
        WHERE lower(span) > (SELECT least(min(month), %(tree)s) FROM moment)
          AND lower(span) <= (SELECT greatest(max(day), %(tree)s) FROM moment) {and_near}
    ),
    -- A few are looked up by themselves, whatever the planner thinks of their number (OFFSET 0); after the reform of a
    -- country all places are read instead, and compared with those that have changed (IS TRUE: as a set, not by turns).
    placed AS MATERIALIZED (
        SELECT changed.unit_id, own.parent_id, own.span
        FROM changed CROSS JOIN LATERAL (
            SELECT parent_id, span FROM tree_placement WHERE unit_id = changed.unit_id OFFSET 0
        ) own
        WHERE (SELECT count(*) FROM changed) <= {few}
        UNION ALL
        SELECT unit_id, parent_id, span FROM tree_placement
        WHERE (SELECT count(*) FROM changed) > {few} AND (unit_id IN (SELECT unit_id FROM changed)) IS TRUE
    ),
    target AS MATERIALIZED (
        SELECT unit_id, parent_id FROM absent
        UNION ALL
        SELECT unit_id, parent_id FROM placed WHERE span @> %(tree)s::date
    ),
    moved AS MATERIALIZED (
        SELECT placed.unit_id, placed.span, coalesce(placed.parent_id, 0) AS old_id,
               coalesce(target.parent_id, 0) AS new_id
        FROM placed JOIN target USING (unit_id)
        WHERE placed.parent_id IS DISTINCT FROM target.parent_id
    ),
    -- After a reform of a country hundreds of thousands of units have moved, but from few to few, and mostly within
    -- what is asked for: that is found out of each pair of superiors once, and only of what is left unit by unit.
    pair AS MATERIALIZED (SELECT DISTINCT old_id, new_id FROM moved),
    chain AS (
        SELECT DISTINCT parent_id AS start_id, parent_id AS above_id
        FROM pair CROSS JOIN LATERAL unnest(ARRAY[old_id, new_id]) AS parent_id WHERE parent_id <> 0
        UNION
        SELECT chain.start_id, coalesce(absent.parent_id, placed.parent_id)
        FROM chain
        LEFT JOIN absent ON absent.unit_id = chain.above_id
        LEFT JOIN LATERAL (
            SELECT parent_id FROM tree_placement WHERE unit_id = chain.above_id AND span @> %(tree)s::date OFFSET 0
        ) placed ON true
        WHERE coalesce(absent.parent_id, placed.parent_id) IS NOT NULL
    ),
    asked AS MATERIALIZED (SELECT chain.start_id, ask.key FROM chain JOIN ask ON ask.unit_id = chain.above_id),
    elsewhere AS MATERIALIZED (
        SELECT key, old_id, new_id, sum(weight)::int AS weight
        FROM (
            SELECT asked.key, pair.old_id, pair.new_id, 1 AS weight
            FROM pair JOIN asked ON asked.start_id = pair.new_id
            UNION ALL
            SELECT asked.key, pair.old_id, pair.new_id, -1
            FROM pair JOIN asked ON asked.start_id = pair.old_id
        ) ends
        GROUP BY 1, 2, 3 HAVING sum(weight) <> 0
    ),
    term AS MATERIALIZED (
        SELECT elsewhere.key, moved.unit_id, moment.month, elsewhere.weight
        FROM elsewhere
        JOIN moved USING (old_id, new_id)
        CROSS JOIN LATERAL (SELECT lifetime FROM tree_unit WHERE id = moved.unit_id OFFSET 0) lives
        JOIN moment ON moved.span @> greatest(lower(lives.lifetime), least(moment.day, upper(lives.lifetime) - 1))
    )
"""
_NEAR = """
    -- What counts below a unit, and what has ever stood directly below any of it: nothing else comes to it or leaves.
    inside AS MATERIALIZED (SELECT unit_id FROM tree_restated_below(%(asked)s::bigint[], %(tree)s)),
    near AS MATERIALIZED (
        SELECT unit_id FROM inside
        UNION
        SELECT own.unit_id FROM inside CROSS JOIN LATERAL (
            SELECT unit_id FROM tree_placement WHERE parent_id = inside.unit_id OFFSET 0
        ) own
    ),
"""


def moved(*, near: bool) -> str:
    """What counts below other units on a tree than in a month; ``near``: looked for only around the units asked for.

    That is less work where they are one, but for the whole country; of many it would be more.
    """
    return _MOVED.format(
        few=FEW,
        near=_NEAR if near else "",
        of_near="WHERE unit_id IN (SELECT unit_id FROM near)" if near else "",
        and_near="AND unit_id IN (SELECT unit_id FROM near)" if near else "",
    )


TERMS = """
    SELECT term.key, term.unit_id, term.month, term.weight FROM term JOIN ask USING (key)
    WHERE term.month BETWEEN ask.first_month AND ask.month
"""
TERM = """
    , term AS MATERIALIZED (
        SELECT * FROM unnest(%(term_keys)s::int[], %(term_units)s::bigint[], %(term_months)s::date[],
                             %(term_weights)s::int[]) AS term(key, unit_id, month, weight)
    )
"""
ASTRAY = """
    -- Gathered first, by their index: to find any one of them quickly, the planner would read all units of the country.
    WITH ended AS MATERIALIZED (
        SELECT id, lifetime FROM tree_unit
        WHERE NOT upper_inf(lifetime) AND upper(lifetime) > %(first)s AND upper(lifetime) <= %(last)s
    )
    SELECT EXISTS (
        SELECT FROM ended
        CROSS JOIN LATERAL (
            SELECT month, ancestors FROM figures_standing
            WHERE unit_id = ended.id AND month BETWEEN %(first)s AND %(last)s
              AND (month + interval '1 month')::date > upper(ended.lifetime) OFFSET 0
        ) standing
        JOIN tree_placement moved ON moved.unit_id = ANY (standing.ancestors)
            AND lower(moved.span) >= upper(ended.lifetime)
            AND lower(moved.span) < (standing.month + interval '1 month')::date
    ) OR EXISTS (SELECT FROM figures_mixedyear WHERE make_date(year, 1, 1) BETWEEN
                 date_trunc('year', %(first)s::date) AND %(last)s)
"""
COUNTED = (
    "kept.form, kept.month, kept.sums, kept.counts, kept.illustrative, kept.quarter, kept.half, kept.year"
)
FLOWS_RESTATED = f"""
    SELECT kept.key, kept.form, {{sums}}, {{counts}}, {{marks}}, {{units}}, NULL, {{several}}
    FROM (
        SELECT ask.key, ask.span, 1 AS weight, {COUNTED}
        FROM ask CROSS JOIN LATERAL (
            SELECT * FROM {{below}} each
            WHERE each.unit_id = ask.unit_id AND each.kind = ANY ({{kinds}})
              AND each.month BETWEEN ask.first_month AND ask.month AND each.first_month >= ask.first_month OFFSET 0
        ) kept
        UNION ALL
        SELECT ask.key, ask.span, term.weight, {COUNTED}
        FROM term JOIN ask USING (key)
        CROSS JOIN LATERAL (
            SELECT * FROM {{below}} each
            WHERE each.unit_id = term.unit_id AND each.kind = ANY ({{kinds}})
              AND each.month = term.month AND each.first_month >= ask.first_month OFFSET 0
        ) kept
    ) kept
    {{firsts}}
    GROUP BY 1, 2
    UNION ALL
    SELECT each.key, each.form, {{total_sums}}, {{total_counts}}, {{total_marks}}, {{total_units}}, NULL, {{several}}
    FROM (
        SELECT kept.key, kept.unit_id, kept.form, {{sums}} AS sums, {{counts}} AS counts, {{marks}} AS marks,
               {{first}} AS units
        FROM (
            SELECT reporting.key, coalesce(reporting.weight, term.weight) AS weight, kept.*
            FROM (SELECT key, unit_id, 1 AS weight FROM ask UNION ALL SELECT DISTINCT key, unit_id, NULL::int FROM term)
                AS reporting
            JOIN ask USING (key)
            JOIN {{own_terms}} kept ON kept.unit_id = reporting.unit_id
                AND kept.month <= ask.month AND kept.first_month >= ask.first_month
            LEFT JOIN term ON term.key = ask.key AND term.unit_id = kept.unit_id AND term.month = kept.month
        ) kept
        GROUP BY 1, 2, 3
    ) each
    GROUP BY 1, 2
"""  # noqa: S608
STOCKS_RESTATED = f"""
    SELECT kept.key, kept.form, {{sums}}, {{counts}}, {{marks}}, {{counts}}, {{carried}}, {{several}}
    FROM (
        SELECT ask.key, ask.month AS asked, 1 AS weight, {COUNTED}
        FROM ask CROSS JOIN LATERAL (
            SELECT * FROM {{below}} each
            WHERE each.unit_id = ask.unit_id AND each.kind = 'stock' AND each.month BETWEEN ask.year AND ask.month
            OFFSET 0
        ) kept
        UNION ALL
        SELECT ask.key, ask.month, term.weight, {COUNTED}
        FROM term JOIN ask ON ask.key = term.key AND ask.month = term.month
        CROSS JOIN LATERAL (
            SELECT * FROM {{below}} each
            WHERE each.unit_id = term.unit_id AND each.kind = 'stock' AND each.month BETWEEN ask.year AND ask.month
            OFFSET 0
        ) kept
    ) kept
    GROUP BY 1, 2
    UNION ALL
    SELECT each.key, each.form, {{total_sums}}, {{total_counts}}, {{total_marks}}, {{total_counts}}, {{total_carried}},
           {{several}}
    FROM (
        SELECT kept.key, kept.unit_id, kept.form, kept.weight, {{latest}} AS sums, {{known}} AS counts,
               {{latest_marks}} AS marks, {{old}} AS carried
        FROM (
            SELECT reporting.key, reporting.weight, reporting.month AS asked, kept.*
            FROM (
                SELECT key, unit_id, year, month, last_day, 1 AS weight FROM ask
                UNION ALL
                SELECT ask.key, term.unit_id, ask.year, ask.month, ask.last_day, term.weight
                FROM term JOIN ask ON ask.key = term.key AND ask.month = term.month
            ) reporting
            JOIN tree_unit lives ON lives.id = reporting.unit_id AND lives.lifetime @> reporting.last_day
            JOIN {{own_terms}} kept ON kept.unit_id = reporting.unit_id
                AND kept.month BETWEEN reporting.year AND reporting.month
        ) kept
        GROUP BY 1, 2, 3, 4
    ) each
    GROUP BY 1, 2
"""  # noqa: S608
REPORTING = """
    , reporting AS MATERIALIZED (
        SELECT unit_id FROM unnest(%(units)s::bigint[]) AS each(unit_id)
        WHERE EXISTS (SELECT FROM figures_standing standing WHERE standing.unit_id = each.unit_id)
    )
"""
FLOWS = """
    SELECT {by}, kept.form, {sums}, {counts}, {marks}, {units}, NULL, {several}
    FROM ask CROSS JOIN LATERAL (
        SELECT * FROM {below} each
        WHERE each.unit_id = ask.unit_id AND each.kind = ANY ({kinds})
          AND each.month BETWEEN ask.first_month AND ask.month AND each.first_month >= ask.first_month OFFSET 0
    ) kept
    {firsts}
    GROUP BY 1, 2
    UNION ALL
    SELECT ask.key, kept.form, {sums}, {counts}, {marks}, {known}, NULL, {several}
    FROM reporting JOIN ask USING (unit_id)
    CROSS JOIN LATERAL (
        SELECT * FROM {own} each
        WHERE each.unit_id = ask.unit_id AND each.month <= ask.month AND each.first_month >= ask.first_month OFFSET 0
    ) kept
    GROUP BY 1, 2
"""
STOCKS = """
    SELECT {by}, kept.form, {sums}, {counts}, {marks}, {counts}, {carried}, {several}
    FROM ask CROSS JOIN LATERAL (
        SELECT * FROM {below} each
        WHERE each.unit_id = ask.unit_id AND each.kind = 'stock' AND each.month BETWEEN ask.year AND ask.month OFFSET 0
    ) kept
    GROUP BY 1, 2
    UNION ALL
    SELECT ask.key, kept.form, {latest}, {known}, {latest_marks}, {known}, {old}, {several}
    FROM ask
    JOIN tree_ancestry lives ON lives.descendant_id = ask.unit_id AND lives.ancestor_id = ask.unit_id
        AND lives.depth = 0 AND lives.span @> ask.last_day
    JOIN {own} kept ON kept.unit_id = ask.unit_id AND kept.month BETWEEN ask.year AND ask.month
    GROUP BY 1, 2
"""
VALUES = """
    known AS (
        SELECT filed.*, slot.code, filed.sums[slot.number] AS value, filed.illustrative[slot.number] AS marked
        FROM filed JOIN slot ON slot.form = filed.form AND slot.kind = filed.kind
        WHERE filed.counts[slot.number] > 0
    )
"""
VALUES_THEN = """
    known AS (
        SELECT * FROM (
            SELECT filed.*, slot.code, told.value, told.marked, told.known
            FROM filed JOIN slot ON slot.form = filed.form AND slot.kind = filed.kind
            CROSS JOIN LATERAL (
                SELECT sum(entry.delta[slot.number]) AS value, sum(entry.delta_counts[slot.number]) AS known,
                       sum(entry.delta_illustrative[slot.number]) AS marked
                FROM figures_entry entry WHERE entry.return_id = filed.return_id AND entry.known_on <= %(known_on)s
            ) told
        ) each WHERE known > 0
    )
"""
MIXED = """
    , mixed AS MATERIALIZED (
        SELECT DISTINCT unit_id FROM figures_mixedyear WHERE make_date(year, 1, 1) = ANY (%(years)s::date[])
    ),
    filed AS (
        SELECT ask.key, ask.month AS asked, standing.*, 'flow' AS kind,
               standing.ancestors[greatest(above.place - 1, 1)] AS branch_id
        FROM mixed JOIN figures_standing standing USING (unit_id)
        CROSS JOIN LATERAL unnest(standing.ancestors) WITH ORDINALITY AS above(unit_id, place)
        JOIN ask ON ask.unit_id = above.unit_id
            AND standing.month <= ask.month AND standing.first_month >= ask.first_month
        UNION ALL
        SELECT ask.key, ask.month, standing.*, 'stock', branch.ancestor_id
        FROM ask
        JOIN tree_ancestry below ON below.ancestor_id = ask.unit_id AND below.span @> ask.last_day
        JOIN mixed ON mixed.unit_id = below.descendant_id
        JOIN tree_ancestry branch ON branch.descendant_id = below.descendant_id
            AND branch.depth = greatest(below.depth - 1, 0) AND branch.span @> ask.last_day
        JOIN figures_standing standing ON standing.unit_id = below.descendant_id
            AND standing.month BETWEEN ask.year AND ask.month
    ),
    {known},
    latest AS (
        SELECT DISTINCT ON (key, code, unit_id, form) *
        FROM known WHERE kind = 'stock' ORDER BY key, code, unit_id, form, month DESC
    ),
    placed AS (
        SELECT *, row_number() OVER (PARTITION BY key, code, unit_id ORDER BY month DESC) AS place FROM latest
    )
    SELECT {by}, code, -sum(value), -count(*), -sum(marked), -count(*), -count(*) FILTER (WHERE month < asked)
    FROM placed WHERE place > 1 GROUP BY 1, 2
    UNION ALL
    SELECT {by}, code, 0, 0, 0, count(DISTINCT unit_id) - count(DISTINCT (unit_id, form)), 0
    FROM known WHERE kind = 'flow' GROUP BY 1, 2
"""
