// SPDX-License-Identifier: MIT
// Runs in the page of the real view: rrweb's own Replayer over the whole recording, paused at a time, beside what the view
// itself shows then. Both under the same policy.
globalThis.reference = {
  states: {},
  async at(json, times) {
    const events = JSON.parse(json).sort((a, b) => a.timestamp - b.timestamp);
    this.states = {};
    const smooth = json.includes('scroll-behavior'); // then rrweb is on its way for a while
    for (const time of times) { // each by itself: seeking on, rrweb keeps the scroll position of the page before
      const root = document.createElement('div');
      document.body.append(root);
      const replayer = new rrweb.Replayer(structuredClone(events), { root, mouseTail: false, showWarning: false, logger: { log() {}, warn() {}, debug() {} } });
      replayer.iframe.style.display = 'inherit';
      try {
        replayer.pause(time - events[0].timestamp);
        await new Promise((done) => { setTimeout(done, 30); });
        let state = pageState(replayer.iframe.contentDocument);
        for (let before = null; smooth && JSON.stringify(state) !== before;) {
          before = JSON.stringify(state);
          await new Promise((done) => { setTimeout(done, 200); });
          state = pageState(replayer.iframe.contentDocument);
        }
        this.states[time] = state;
      } catch { /* what it cannot show itself is not compared */ }
      try { replayer.destroy(); } catch { /* a broken page */ }
      root.remove();
    }
    return String(Object.keys(this.states).length);
  },
  // Where the view differs at that time; '' where it does not.
  differs(time) {
    if (!(time in this.states)) return '';
    const plain = (state) => {
      if (!Array.isArray(state)) return state;
      // a canvas stands as an image
      if (state[0] === 'canvas' || (state[0] === 'img' && 'width' in (state[1] ?? {}) && 'height' in state[1])) {
        const { src, width, height, rr_dataURL, ...rest } = state[1];
        return ['img', rest, {}, []];
      }
      if (state.length !== 4 || typeof state[0] !== 'string' || state[0] === 'doctype') return state.map(plain);
      const [tag, attributes, extra, children] = state;
      const more = { ...extra };
      delete more.media; // of a video that a mutation brought, rrweb does not know whether it was muted
      if (more.frame) more.frame = plain(more.frame);
      // a page without a doctype gets one from rrweb, which WebKit drops in a frame at some time
      if (more.frame?.[3]) more.frame[3] = more.frame[3].filter((child) => child[0] !== 'doctype');
      if (more.shadow) more.shadow = [more.shadow[0], more.shadow[1].map(plain)];
      return [tag, attributes, more, children.map(plain)];
    };
    const shown = pageState(document.querySelector('#stage iframe').contentDocument);
    // the rules that the view itself adds
    const own = (text) => text.replace(/"html::-webkit-scrollbar[^"]*",?|"\* \{ caret-color[^"]*",?|":where\(\[rr_focus(?:[^"\\]|\\.)*",?|\[":host \{ outline: [^"]*Highlight[^"]*"\],?/gi, '');
    // what it shows as the visitor's browser did (look.js), where rrweb's shows it as this one does
    const either = (state) => JSON.parse(own(JSON.stringify(state))
      .replace(/:is\((:focus(?:-within)?), \[rr_focus\](?:, :has\(\[rr_focus\]\))?\)/g, '$1')
      .replace(/\[rr_focus=\\"visible\\"\]/g, ':focus-visible')
      .replace(/:is\(:hover, \.\\+:hover\)/g, ':hover')
      .replace(/\((?:(?:prefers-[a-z-]+|(?:any-)?(?:hover|pointer)|forced-colors|inverted-colors|scripting)[^()]*|m(?:in|ax)-width: 0(?:px)?)\)/g, '(condition)')
      .replace(/([^-]color-scheme: )[^;"]*/g, '$1any').replace(/url\(\\"https?:[^"#]*#/g, 'url(\\"#'));
    return firstDifference(either(plain(this.states[time])), either(plain(shown))) ?? '';
  },
};
