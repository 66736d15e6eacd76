// SPDX-License-Identifier: MIT
// Pictures as pixels: reading and writing PNG (8 bit, not interlaced), and telling how far two of them differ.
import { deflateSync, inflateSync } from 'node:zlib';

const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 };

function nearest(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Each filter by a loop of its own: pictures have millions of bytes.
function unfilter(raw, width, height, n) {
  const stride = width * n;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    const line = out.subarray(y * stride, (y + 1) * stride);
    const above = y ? out.subarray((y - 1) * stride, y * stride) : Buffer.alloc(stride);
    raw.copy(line, 0, y * (stride + 1) + 1, (y + 1) * (stride + 1));
    if (filter === 1) for (let x = n; x < stride; x++) line[x] += line[x - n];
    else if (filter === 2) for (let x = 0; x < stride; x++) line[x] += above[x];
    else if (filter === 3) for (let x = 0; x < stride; x++) line[x] += ((x < n ? 0 : line[x - n]) + above[x]) >> 1;
    else if (filter === 4) for (let x = 0; x < stride; x++) line[x] += x < n ? above[x] : nearest(line[x - n], above[x], above[x - n]);
  }
  return out;
}

// { width, height, data: RGB }
export function readPng(png) {
  const parts = [];
  let head;
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') head = { width: body.readUInt32BE(0), height: body.readUInt32BE(4), bits: body[8], color: body[9], interlaced: body[12] };
    if (type === 'IDAT') parts.push(body);
    at += length + 12;
  }
  const { width, height } = head;
  const n = CHANNELS[head.color];
  if (head.bits !== 8 || head.interlaced || !n) throw new Error('a PNG of another kind');
  const raw = unfilter(inflateSync(Buffer.concat(parts)), width, height, n);
  if (n === 3) return { width, height, data: raw };
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data[i * 3 + c] = raw[i * n + (n > 2 ? c : 0)];
  return { width, height, data };
}

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(bytes) {
  let c = -1;
  for (const byte of bytes) c = (c >>> 8) ^ CRC[(c ^ byte) & 255];
  return ~c >>> 0;
}

function chunk(type, body) {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
  return out;
}

export function writePng({ width, height, data }) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const raw = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y++) data.copy(raw, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(raw, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

const differsAt = (a, b, i) => Math.abs(a[i] - b[i]) > 8 || Math.abs(a[i + 1] - b[i + 1]) > 8 || Math.abs(a[i + 2] - b[i + 2]) > 8;

// One byte a pixel: 1 where they differ by more than 8 of 255.
export function differing(a, b) {
  const mask = new Uint8Array(a.width * a.height);
  for (let i = 0; i < mask.length; i++) mask[i] = differsAt(a.data, b.data, i * 3) ? 1 : 0;
  return mask;
}

function commonest({ data }) {
  const counts = new Map();
  for (let i = 0; i < data.length; i += 3) {
    const color = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

// Share of what either draws over its most frequent colour that differs. without: pixels to leave out (1).
export function shareDiffering(a, b, without) {
  if (a.width !== b.width || a.height !== b.height) return 1;
  const [groundA, groundB] = [commonest(a), commonest(b)];
  const isGround = ({ data }, i) => ((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]) === groundA;
  let drawn = 0;
  let differ = 0;
  for (let p = 0; p < a.width * a.height; p++) {
    if (without?.[p]) continue;
    const i = p * 3;
    if (groundA === groundB && isGround(a, i) && isGround(b, i)) continue;
    drawn++;
    if (differsAt(a.data, b.data, i)) differ++;
  }
  return drawn ? differ / drawn : 0;
}

// The part of a picture in a box, which may reach beyond it.
export function cut({ width, height, data }, box) {
  const [left, top] = [Math.round(box.x), Math.round(box.y)];
  const out = { width: Math.round(box.width), height: Math.round(box.height), data: Buffer.alloc(Math.round(box.width) * Math.round(box.height) * 3, 128) };
  for (let y = 0; y < Math.min(out.height, height - top); y++) data.copy(out.data, y * out.width * 3, ((top + y) * width + left) * 3, ((top + y) * width + Math.min(width, left + out.width)) * 3);
  return out;
}

// Left, right, and in red on grey what differs.
export function sideBySide(a, b) {
  const width = Math.max(a.width, b.width);
  const height = Math.max(a.height, b.height);
  const out = { width: width * 3, height, data: Buffer.alloc(width * height * 9, 128) };
  for (let y = 0; y < height; y++) {
    for (const [nth, one] of [a, b].entries()) if (y < one.height) one.data.copy(out.data, (y * width * 3 + nth * width) * 3, y * one.width * 3, (y + 1) * one.width * 3);
    for (let x = 0; x < width && a.width === b.width && y < Math.min(a.height, b.height); x++) {
      const at = (y * width * 3 + 2 * width + x) * 3;
      const red = differsAt(a.data, b.data, (y * a.width + x) * 3);
      out.data.set(red ? [255, 0, 0] : [230, 230, 230], at);
    }
  }
  return out;
}
