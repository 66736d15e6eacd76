# SPDX-License-Identifier: MIT
"""The widgets of an application as AT-SPI tells them: a whole tree in a few round trips over the accessibility bus."""
from gi.repository import Gio, GLib

ACCESSIBLE = "org.a11y.atspi.Accessible"
CACHE = "org.a11y.atspi.Cache"
FOCUSABLE, FOCUSED, SELECTED, SENSITIVE, VISIBLE = 11, 12, 23, 24, 30
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
        self.roles = {}  # by the path of the widget

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
        """Everything that is not hidden, parents first. The cache tells names and states of all widgets at once, also of those
        that are hidden: only the children say what is there."""
        items = {item[0][1]: item for item in self.call(self.app[0], "/org/a11y/atspi/cache", CACHE, "GetItems")[0]}
        root = Node(self.app[1], None)
        level = [root]
        while level:
            # Who has no children need not be asked for them; of the application itself the cache does not tell.
            level = [node for node in level if node is root or items[node.path][4]]
            children = self._ask([(node.path, ACCESSIBLE, "GetChildren", None) for node in level])
            below = []
            for node, answer in zip(level, children):
                below += [Node(path, node) for _, path in answer[0][:300] if path in items] if answer else []
            self._learn_roles(below)
            level = []
            for node in below:
                _, _, _, _, _, _, node.name, _, _, states = items[node.path]
                node.states = states[0] | states[1] << 32
                node.role = self.roles.get(node.path)
                if node.role is None or not node.has(VISIBLE):
                    continue
                node.parent.children.append(node)
                if node.role not in LEAVES:
                    level.append(node)
        found, todo = [], [root]
        while todo:
            node = todo.pop()
            found.append(node)
            todo.extend(reversed(node.children))
        return found

    def focused(self):
        """The widget that has the focus, with its parent: a small part of what read() asks for. None: nothing has it."""
        items = {item[0][1]: item for item in self.call(self.app[0], "/org/a11y/atspi/cache", CACHE, "GetItems")[0]}
        having = {path for path, item in items.items() if item[9][0] >> FOCUSED & 1 and item[9][0] >> VISIBLE & 1}
        innermost = having - {items[path][2][1] for path in having}
        if len(innermost) != 1:
            return next((node for node in reversed(self.read()) if node.has(FOCUSED)), None)
        nodes, path = [], innermost.pop()
        while path in items and len(nodes) < 2:
            node = Node(path, None)
            node.name, node.states = items[path][6], items[path][9][0] | items[path][9][1] << 32
            nodes.append(node)
            path = items[path][2][1]
        self._learn_roles(nodes)
        for node, parent in zip(nodes, nodes[1:] + [None]):
            node.role, node.parent = self.roles.get(node.path, ""), parent
        return nodes[0]

    def _learn_roles(self, nodes):
        """A widget has the same role for good."""
        new = [node.path for node in nodes if node.path not in self.roles]
        for path, role in zip(new, self._ask([(path, ACCESSIBLE, "GetRoleName", None) for path in new])):
            if role is not None:
                self.roles[path] = role[0]

    def extents(self, node):
        """x, y, width and height in the window; None where it is gone."""
        answer = self._ask([(node.path, "org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (1,)))])[0]
        return answer[0] if answer is not None else None

    def is_seen(self, node):
        """GTK 4.8 tells by the size alone what a stack does not show."""
        extents = self.extents(node)
        return extents is not None and extents[2] > 0 and extents[3] > 0
