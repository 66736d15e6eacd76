# SPDX-License-Identifier: MIT
"""What somebody who does not see the window, or cannot point well, needs of what is on display: everything that takes the
focus has a role and a name of its own, and is large enough to be hit."""
from tree import FOCUSABLE, SENSITIVE

# The least that can be pointed at (WCAG 2.2, 2.5.8), in pixels.
LEAST = 24
# Of these many stand side by side, and a line of text is as high as it is.
ROWS = ("list item", "table cell", "table row", "tree item", "link", "label")
NO_ROLE = ("", "unknown", "invalid", "filler", "generic", "redundant object")


def findings(window):
    """One line for each thing that is wrong."""
    found, names = [], {}
    for node in window.tree.read():
        if not node.has(FOCUSABLE) or not node.has(SENSITIVE):
            continue
        extents = window.tree.extents(node)
        if extents is None or extents[2] <= 0 or extents[3] <= 0:
            continue
        what = "%s “%s”" % (node.role or "no role", node.name)
        inside = " in ".join(place(node)[:3])
        if node.role in NO_ROLE:
            found.append("%s has no role: in %s" % (what, inside))
        if not node.name.strip():
            found.append("%s has no name: in %s" % (what, inside))
        if node.role not in ROWS and min(extents[2], extents[3]) < LEAST:
            found.append("%s is %d by %d: in %s" % (what, extents[2], extents[3], inside))
        if node.role not in ROWS and node.name.strip():
            key = (id(node.parent), node.role, node.name)
            if key in names:
                found.append("%s is there twice: in %s" % (what, inside))
            names[key] = node
    return found


def place(node):
    """What it is in, from the inside."""
    told = []
    node = node.parent
    while node is not None:
        if node.name.strip() or node.role not in NO_ROLE:
            told.append("%s “%s”" % (node.role, node.name[:40]))
        node = node.parent
    return told
