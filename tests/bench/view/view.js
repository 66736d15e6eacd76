// SPDX-License-Identifier: MIT
// Runs in the page of the real view: measures what the page does itself, and does the same with rrweb's own Replayer.
{
  const marks = {};
  const frame = globalThis.requestAnimationFrame.bind(globalThis);
  const show = globalThis.sight.show;
  let text = [];
  let first = 0;
  let root = null;
  let replayer = null;

  const painted = () => new Promise((done) => { frame(() => frame(done)); });

  // A step begins when its text is there, its script ends when it waits for the first frame.
  Response.prototype.json = async function () {
    const body = await this.text();
    marks.start = performance.now();
    marks.end = undefined;
    return JSON.parse(body);
  };
  globalThis.requestAnimationFrame = (callback) => {
    marks.end ??= performance.now();
    return frame(callback);
  };
  globalThis.sight.show = async (url) => {
    const done = await show(url);
    marks.painted = performance.now();
    return done;
  };

  globalThis.bench = {
    marks: () => `${marks.end - marks.start} ${marks.painted - marks.start}`,
    take(piece) {
      text.push(piece);
      return 'taken';
    },
    open() {
      const events = JSON.parse(text.join('')).sort((a, b) => a.timestamp - b.timestamp);
      text = [];
      first = events[0].timestamp;
      root = document.createElement('div');
      root.style.cssText = `position:absolute;left:0;top:0;transform-origin:0 0;transform:${document.getElementById('stage').style.transform}`;
      document.body.append(root);
      replayer = new rrweb.Replayer(events, { root, mouseTail: false, showWarning: false, logger: { log() {}, warn() {}, debug() {} } });
      return String(events.length);
    },
    // Only one of the two is to be seen, both are laid out.
    async turn(toReplayer) {
      document.getElementById('stage').style.visibility = toReplayer ? 'hidden' : '';
      if (root)
        root.style.visibility = toReplayer ? '' : 'hidden';
      await painted();
      return 'turned';
    },
    async pause(at) {
      const start = performance.now();
      replayer.pause(at - first);
      const end = performance.now();
      await painted();
      return `${end - start} ${performance.now() - start}`;
    },
    // The whole page laid out anew, from nothing.
    async relayout() {
      const html = document.querySelector('#stage iframe').contentDocument.documentElement;
      const style = html.getAttribute('style');
      html.style.display = 'none';
      await painted();
      const start = performance.now();
      if (style === null)
        html.removeAttribute('style');
      else
        html.setAttribute('style', style);
      const end = performance.now();
      await painted();
      return `${end - start} ${performance.now() - start}`;
    },
  };
}
