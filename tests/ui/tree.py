# SPDX-License-Identifier: MIT
"""The widgets of an application as AT-SPI tells them: a whole tree in a few round trips over the accessibility bus."""
from gi.repository import Gio, GLib

ACCESSIBLE = "org.a11y.atspi.Accessible"
FOCUSABLE, FOCUSED, SELECTED, VISIBLE = 11, 12, 23, 30
LEAVES = ("label", "image", "separator", "scroll bar")


class Node:
    """One widget, as it was when the tree was read."""

    def __init__(self, path, parent):
        self.path, self.parent = path, parent
        self.role, self.name, self.states, self.children = "", "", 0, []

    def has(self, state):
        return bool(self.states >> state & 1)


class Tree:
    """The accessibility bus, and one application on it."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1,
                                    None).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.app = None

    def call(self, name, path, interface, method, args=None):
        return self.bus.call_sync(name, path, interface, method, args, None, 0, 20000, None).unpack()

    def find_app(self, pid):
        """Whether the process of that id is there."""
        root = self.call("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root", ACCESSIBLE, "GetChildren")[0]
        for name, path in root:
            owner = self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                              "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0]
            if owner == pid:
                self.app = (name, path)
                return True
        return False

    def _ask(self, questions):
        """Asks all at once; gives the answers in their order, None where the widget is gone."""
        answers = [None] * len(questions)
        left = len(questions)

        def answered(bus, result, index):
            nonlocal left
            left -= 1
            try:
                answers[index] = bus.call_finish(result).unpack()
            except GLib.Error:
                pass

        for index, (path, interface, method, args) in enumerate(questions):
            self.bus.call(self.app[0], path, interface, method, args, None, 0, 20000, None, answered, index)
        while left:
            GLib.MainContext.default().iteration(True)
        return answers

    def read(self):
        """Everything that is not hidden, parents first."""
        root = Node(self.app[1], None)
        level = [root]
        name_of = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
        while level:
            questions = []
            for node in level:
                questions += [(node.path, ACCESSIBLE, "GetState", None), (node.path, ACCESSIBLE, "GetRoleName", None),
                              (node.path, "org.freedesktop.DBus.Properties", "Get", name_of),
                              (node.path, ACCESSIBLE, "GetChildren", None)]
            answers = self._ask(questions)
            below = []
            for index, node in enumerate(level):
                states, role, name, children = answers[4 * index:4 * index + 4]
                if None in (states, role, name, children):
                    continue
                node.states = states[0][0] | states[0][1] << 32
                node.role, node.name = role[0], name[0]
                if node is not root and not node.has(VISIBLE):
                    continue
                if node.parent is not None:
                    node.parent.children.append(node)
                if node.role not in LEAVES:
                    below += [Node(path, node) for _, path in children[0][:300]]
            level = below
        found, todo = [], [root]
        while todo:
            node = todo.pop()
            found.append(node)
            todo.extend(reversed(node.children))
        return found

    def extents(self, node):
        """x, y, width and height in the window; None where it is gone."""
        answer = self._ask([(node.path, "org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (1,)))])[0]
        return answer[0] if answer is not None else None

    def is_seen(self, node):
        """GTK 4.8 tells by the size alone what a stack does not show."""
        extents = self.extents(node)
        return extents is not None and extents[2] > 0 and extents[3] > 0
