"""The public face of the library: clean a whole text, or import one cleaner.

>>> from cleaners import remove_also_read
>>> remove_also_read("Polls closed.\\n\\nALSO READ: Gas leak kills 5\\n\\nTurnout was 69%.")
'Polls closed.\\n\\nTurnout was 69%.'
"""

from cleaners.boilerplate import remove_boilerplate
from cleaners.bylines import lift_byline
from cleaners.captions import remove_captions
from cleaners.cleaner import Cleaner
from cleaners.comments import remove_comment_threads
from cleaners.credits import lift_credits
from cleaners.document import Block, Document, Edit, EditError, Located, apply, revert
from cleaners.donation import remove_donation_widgets
from cleaners.duplicates import remove_duplicates
from cleaners.links import remove_bare_links
from cleaners.metadata import Comment, Metadata, Related, metadata_from
from cleaners.overrides import Hit, Override, Overrides, OverridesError
from cleaners.page.cleaning import clean_html
from cleaners.page.widgets import prune_soup
from cleaners.phrasebook import PhraseBook, PhraseError
from cleaners.pipeline import CLEANERS, CleanResult, clean_text, fingerprint
from cleaners.prompts import remove_prompts
from cleaners.related import remove_also_read
from cleaners.repair import repair_text
from cleaners.titles import lift_title

__all__ = [
    "CLEANERS",
    "Block",
    "CleanResult",
    "Cleaner",
    "Comment",
    "Document",
    "Edit",
    "EditError",
    "Hit",
    "Located",
    "Metadata",
    "Override",
    "Overrides",
    "OverridesError",
    "PhraseBook",
    "PhraseError",
    "Related",
    "apply",
    "clean_html",
    "clean_text",
    "fingerprint",
    "lift_byline",
    "lift_credits",
    "lift_title",
    "metadata_from",
    "prune_soup",
    "remove_also_read",
    "remove_bare_links",
    "remove_boilerplate",
    "remove_captions",
    "remove_comment_threads",
    "remove_donation_widgets",
    "remove_duplicates",
    "remove_prompts",
    "repair_text",
    "revert",
]
