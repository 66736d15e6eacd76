// SPDX-License-Identifier: MIT
// The recorded page in its whole height, and where elements are in it.

const HEIGHT_MAX = 16384;

/**
 * The box of what a selector of the recording finds first, in px of the page; null: nothing that can be seen.
 * @returns {[number, number, number, number] | null}
 */
function boxOf(page, selector) {
  let element = null;
  try {
    element = page.querySelector(selector);
  } catch {
    return null; // a selector is text of the recording
  }
  const box = element?.getBoundingClientRect();
  return box && box.width > 0 && box.height > 0 ? [box.left, box.top, box.width, box.height] : null;
}

/**
 * Makes the frame as high as its page, once: what is as high as the viewport grows with it, and is not followed.
 * @param {HTMLIFrameElement} frame
 * @param {string[]} selectors
 * @returns {Whole}
 */
export function whole(frame, selectors) {
  const page = frame.contentDocument;
  const viewport = frame.clientHeight;
  const height = Math.min(HEIGHT_MAX, Math.max(viewport, page.documentElement.scrollHeight, page.body?.scrollHeight ?? 0));
  page.defaultView.scrollTo(0, 0);
  frame.setAttribute('height', String(height));
  return { width: frame.clientWidth, height, viewport, boxes: selectors.map((selector) => boxOf(page, selector)) };
}
