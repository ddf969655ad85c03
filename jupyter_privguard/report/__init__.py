"""A verified log becomes a notebook, and the notebook one HTML file.

`build.signed_page` makes it; `experiments` says which experiments a log tells of. Importing this package
loads neither nbconvert nor nbformat.
"""
