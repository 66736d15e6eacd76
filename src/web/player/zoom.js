// SPDX-License-Identifier: MIT
// Where the recorded page lies in the view, and how large. The application says what it wishes; see PROTOCOL.md.

const PADDING = 16;
const MINIATURE = 260; // a view that is not wider has no room to lose

// Fitted with its own proportions, never larger than it was.
function fitted(size, view) {
  const bare = view.width <= MINIATURE || (view.width === size.width && view.height === size.height);
  const padding = bare ? 0 : PADDING;
  return Math.min(1, Math.max(1, view.width - 2 * padding) / size.width,
    Math.max(1, view.height - 2 * padding) / size.height);
}

// In the middle where there is room; else the wished share of it in the middle, without a gap at a side.
function offset(length, room, share) {
  if (length <= room)
    return Math.round((room - length) / 2);
  return Math.round(Math.min(0, Math.max(room - length, room / 2 - share * length)));
}

// `wish`: { scale, x, y }, scale 0 for fitted; x and y are the shares of the page that belong in the middle of the view.
export function placed(size, view, wish) {
  const scale = wish.scale > 0 ? wish.scale : fitted(size, view);
  return { scale, left: offset(size.width * scale, view.width, wish.x), top: offset(size.height * scale, view.height, wish.y) };
}
