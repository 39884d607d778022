"""Example values for the patterns page: every component in every state, with nothing from the database."""

from fourweek.light import dataclass

LESSON = """
<section class="callout-box questions"><p class="callout-label">Questions</p>
<ul><li>How much failure is too much?</li></ul></section>
<section class="callout-box objectives"><p class="callout-label">Objectives</p>
<ul><li>Turn a target into minutes a month.</li></ul></section>
<h2 id="budget">An error budget is a quantity</h2>
<p>A target of 99.9&nbsp;% leaves <em>0.1&nbsp;%</em> of a month. In a month of 30 days that is
<strong>43 minutes and 12 seconds</strong>; ask <code>budget(0.999, days=30)</code> for other targets.</p>
<pre tabindex="0"><code class="language-python">def budget(target: float, days: int) -&gt; float:
    return (1 - target) * days * 24 * 60  # minutes
</code></pre>
<figure class="figure-small"><img src="/static/icons/favicon.svg" alt="A disc of four quarters; the last is a seal."
width="180" height="180" loading="lazy"><figcaption>Four weeks, the last one sealed.</figcaption></figure>
<section class="callout-box callout"><p class="callout-label">Note</p>
<h3 class="callout-title" id="a-month">A month is not a month</h3><p>Pick a window and say which.</p></section>
<section class="callout-box challenge"><p class="callout-label">Exercise</p>
<h3 class="callout-title" id="four-nines">Four nines</h3>
<p>How many minutes of a 28-day window does 99.99&nbsp;% leave?</p>
<details class="callout-box hint"><summary>Hint</summary><p>28 days are 40,320 minutes.</p></details>
<details class="callout-box solution"><summary>Solution</summary>
<p>4.032 minutes, about four minutes and two seconds.</p></details></section>
<div class="table-scroll" role="region" tabindex="0" aria-label="Table: Target, Minutes in 30 days"><table>
<thead><tr><th scope="col">Target</th><th scope="col" class="align-right">Minutes in 30 days</th></tr></thead>
<tbody><tr><td>99&nbsp;%</td><td class="align-right">432</td></tr>
<tr><td>99.9&nbsp;%</td><td class="align-right">43.2</td></tr></tbody></table></div>
<blockquote><p>Nobody pages a person for a chart.</p></blockquote>
<dl><dt id="window">Window</dt><dd>The stretch of time over which a target is counted.</dd></dl>
<section class="callout-box discussion"><p class="callout-label">Discussion</p>
<p>Who may spend the budget, and who says so?</p></section>
<section class="callout-box prereq"><p class="callout-label">Before you start</p>
<p>You need a service whose requests are logged.</p></section>
<section class="callout-box checklist"><p class="callout-label">Checklist</p>
<ul><li>The window is named.</li></ul></section>
<details class="callout-box spoiler"><summary>On older systems</summary>
<p>The same holds; only the log is elsewhere.</p></details>
<section class="callout-box keypoints"><p class="callout-label">Key points</p>
<ul><li>A budget is a number of minutes.</li></ul></section>
"""


@dataclass(frozen=True)
class ExampleLevel:
    key: str
    title: str
    descriptor: str


@dataclass(frozen=True)
class ExampleCriterion:
    key: str
    title: str
    description: str
    required_level: str
    levels: tuple[ExampleLevel, ...]


@dataclass(frozen=True)
class PatternsPage:
    criteria: tuple[ExampleCriterion, ...]
    chosen: dict[str, str]
    lesson: str
    sha256: str


def example_page() -> PatternsPage:
    """The one page there is; the same for everybody."""
    target = ExampleCriterion(
        key="target",
        title="The target follows from what users notice",
        description="Judged on the note.",
        required_level="meets",
        levels=(
            ExampleLevel("not-yet", "Not yet", "A number is given; no reason connects it with a user."),
            ExampleLevel("meets", "Meets", "The number follows from one stated, measured experience of users."),
            ExampleLevel("exceeds", "Exceeds", "Two experiences are weighed, and the cost of each is estimated."),
        ),
    )
    arithmetic = ExampleCriterion(
        key="arithmetic",
        title="The arithmetic is right",
        description="Judged on the note and the sheet.",
        required_level="meets",
        levels=(
            ExampleLevel("not-yet", "Not yet", "The budget or the window is missing or wrong."),
            ExampleLevel("meets", "Meets", "Budget and window are right and can be followed step by step."),
        ),
    )
    return PatternsPage(
        criteria=(target, arithmetic),
        chosen={"target": "meets", "arithmetic": "not-yet"},
        lesson=LESSON,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
