"""The review page: a static site in CLEAN/_review that shows what was removed from an archive, document by document,
and collects what people say is wrong with it.
"""

from typing import Final

SAMPLE: Final = 1000
"""Documents that get a page unless told otherwise."""


class ReportRefused(ValueError):  # noqa: N818  (it says what happened to the report)
    """A report that cannot be made; the message says why and what to do."""
