"""HTML pages: what they show in reading order, which parts are widgets, which is the article, who wrote it and when.

Nothing is loaded here; each module imports its parser when it is first needed, so that cleaning text needs none.
"""
