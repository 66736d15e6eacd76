# SPDX-License-Identifier: MIT
"""What a desktop gives to a program, on the session bus of the test: notifications, and the portal that says whether it may
run in the background."""
from gi.repository import Gio, GLib

PORTAL = "/org/freedesktop/portal/desktop"


class Desktop:
    """What takes notifications on the session bus, as the desktop does."""

    XML = """<node><interface name="org.freedesktop.Notifications">
      <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
        <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
        <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
      <method name="CloseNotification"><arg type="u" direction="in"/></method>
      <method name="GetCapabilities"><arg type="as" direction="out"/></method>
      <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
        <arg type="s" direction="out"/><arg type="s" direction="out"/></method>
      <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
    </interface></node>"""

    def __init__(self):
        self.told = []
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        interface = Gio.DBusNodeInfo.new_for_xml(self.XML).interfaces[0]
        self.bus.register_object("/org/freedesktop/Notifications", interface, self.called, None, None)
        self.owner = Gio.bus_own_name_on_connection(self.bus, "org.freedesktop.Notifications", 0, None, None)
        self.pump()

    def called(self, bus, sender, path, interface, method, args, invocation):
        if method == "Notify":
            self.told.append(args.unpack())
            invocation.return_value(GLib.Variant("(u)", (len(self.told),)))
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        elif method == "GetServerInformation":
            invocation.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))
        else:
            invocation.return_value(None)

    def pump(self):
        while GLib.MainContext.default().iteration(False):
            pass
        return self.told

    def activate(self, number):
        """The notification is clicked."""
        self.bus.emit_signal(None, "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked",
                             GLib.Variant("(us)", (number, "default")))
        self.bus.flush_sync(None)


class Portal:
    """Whether programs may run in the background: `granted` is what it answers."""

    XML = """<node><interface name="org.freedesktop.portal.Background">
      <method name="RequestBackground"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
        <arg type="o" direction="out"/></method>
    </interface></node>"""

    def __init__(self):
        self.asked = []
        self.granted = False
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        interface = Gio.DBusNodeInfo.new_for_xml(self.XML).interfaces[0]
        self.bus.register_object(PORTAL, interface, self.called, None, None)
        self.owner = Gio.bus_own_name_on_connection(self.bus, "org.freedesktop.portal.Desktop", 0, None, None)
        self.pump()

    def called(self, bus, sender, path, interface, method, args, invocation):
        options = args.unpack()[1]
        self.asked.append(options)
        request = "%s/request/%s/%s" % (PORTAL, sender[1:].replace(".", "_"), options["handle_token"])
        invocation.return_value(GLib.Variant("(o)", (request,)))
        results = {"background": GLib.Variant("b", self.granted),
                   "autostart": GLib.Variant("b", self.granted and options["autostart"])}
        bus.emit_signal(sender, request, "org.freedesktop.portal.Request", "Response",
                        GLib.Variant("(ua{sv})", (0 if self.granted else 1, results)))

    def pump(self):
        while GLib.MainContext.default().iteration(False):
            pass
        return self.asked
