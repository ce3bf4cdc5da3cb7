"""Forms of papers: a report in the form of a cover sheet, and a file."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError

from actions.forms.fields import VersionedForm
from governance.agenda_models import Paper
from governance.agendas.paper_rules import LONGEST_SUMMARY, one_a_line, words_in
from tracker.web.fields import line, lines
from tracker.web.forms import Form

_TYPE_NONE = "Type “None” where there are none."
# In the order of a council's cover sheet; these stand above and below its summary.
ABOVE = ("author", "lead_officer", "sponsor", "classification", "priorities", "considered_before")
IMPLICATIONS = ("financial", "legal", "equality", "safeguarding", "childrens_voice", "risk")
BELOW = ("consultation", "appendices", "background")
FIELDS = (*ABOVE, "summary", "recommendations", *IMPLICATIONS, *BELOW, "text")


def _short(form: Form, field: Field) -> None:
    number = words_in(field.data or "")
    if number > LONGEST_SUMMARY:
        raise ValidationError(
            f"The summary has {number} words. Use {LONGEST_SUMMARY} or fewer, and put the rest"
            " under Report"
        )


def _lists(form: Form, field: Field) -> None:
    if not one_a_line(field.data or ""):
        raise ValidationError("Give at least one recommendation, each on its own line")


class FileForm(VersionedForm):
    """A file with its title; or its title alone, where it is announced as to follow."""

    title = line("Title of the paper", 300, "Give the paper a title")
    is_to_follow = BooleanField(
        "The paper is not here yet: announce it as to follow", widget=GovCheckboxInput()
    )
    # Read from the files that were sent; here only to carry what is wrong with it.
    file = HiddenField("PDF file")

    def fields(self) -> dict[str, str | None]:
        """What was said beside title and file."""
        return {}


class ReportForm(FileForm):
    """A report: every field of the cover sheet, and its text."""

    title = line("Title of the report", 300, "Give the report a title")
    author = line("Author", 200, "Give the author of the report")
    lead_officer = line("Lead officer", 200)
    sponsor = line("Sponsor", 200)
    classification = line("Classification", 100, description="Such as “Open” or “Official”.")
    priorities = lines("Priority and ambitions", 1000)
    considered_before = lines("Considered before", 1000, description="By whom, and when.")
    summary = lines(
        "Summary", 2000, "Give a summary", description=f"At most {LONGEST_SUMMARY} words."
    )
    recommendations = lines(
        "Recommendations", 4000, "Give the recommendations", description="Each on its own line."
    )
    financial = lines(
        "Financial implications", 2000, f"Give the financial implications. {_TYPE_NONE}"
    )
    legal = lines("Legal implications", 2000, f"Give the legal implications. {_TYPE_NONE}")
    equality = lines("Equality implications", 2000, f"Give the equality implications. {_TYPE_NONE}")
    safeguarding = lines(
        "Safeguarding implications", 2000, f"Give the safeguarding implications. {_TYPE_NONE}"
    )
    childrens_voice = lines(
        "Children’s voice", 2000, f"Say what children and young people told you. {_TYPE_NONE}"
    )
    risk = lines("Risks", 2000, f"Give the risks. {_TYPE_NONE}")
    consultation = lines("Consultation", 2000)
    appendices = lines("Appendices", 1000)
    background = lines("Background papers", 1000)
    text = lines("Report", 20000, description="An empty line begins a new paragraph.")

    def validate_summary(self, field: Field) -> None:
        """At most 120 words."""
        _short(self, field)

    def validate_recommendations(self, field: Field) -> None:
        """At least one."""
        _lists(self, field)

    def fields(self) -> dict[str, str | None]:
        """What the cover sheet and the text say."""
        return {name: self[name].data for name in FIELDS}

    @staticmethod
    def begun(paper: Paper) -> dict[str, object]:
        """What a report says already."""
        return {name: getattr(paper, name) for name in FIELDS}
