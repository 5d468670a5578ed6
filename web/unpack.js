/*
 * Unpacks the program and the other scripts. A browser's own decompression, deflate, would make the
 * page a fifth larger than LZMA does, of which this is the decoder: 7-zip.org/sdk.html, "LZMA
 * Specification", with lc = 3, lp = 0 and pb = 0.
 */
"use strict";

/* Where each kind of probability begins in the one array of them; a length has 2 + 8 + 8 + 256. */
const STATES = 12, LENGTH = 274;
const IS_MATCH = 0, IS_REPEAT = STATES, IS_LATER = 2 * STATES, IS_THIRD = 3 * STATES;
const IS_FOURTH = 4 * STATES, IS_LONG = 5 * STATES, SLOTS = 6 * STATES, NEAR = SLOTS + 4 * 64;
const ALIGNED = NEAR + 115, MATCH_LENGTH = ALIGNED + 16, REPEAT_LENGTH = MATCH_LENGTH + LENGTH;
const LITERALS = REPEAT_LENGTH + LENGTH, PROBABILITIES = LITERALS + 8 * 0x300;

/* The range decoder: bits by their probability, in 2048ths. */
class Bits {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 5;
    this.range = 0xFFFFFFFF;
    this.code = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
    this.odds = new Uint16Array(PROBABILITIES).fill(1024);
  }

  refill() {
    if (this.range < 0x1000000) {
      this.range *= 256;
      this.code = this.code * 256 + this.bytes[this.at++];
    }
  }

  bit(place) {
    const odds = this.odds[place], bound = (this.range >>> 11) * odds;
    const one = this.code >= bound;
    if (one) {
      this.range -= bound;
      this.code -= bound;
      this.odds[place] -= odds >> 5;
    } else {
      this.range = bound;
      this.odds[place] += (2048 - odds) >> 5;
    }
    this.refill();
    return one ? 1 : 0;
  }

  /* `count` bits that are as likely 0 as 1. */
  even(count) {
    let value = 0;
    for (; count > 0; count--) {
      this.range = Math.floor(this.range / 2);
      const one = this.code >= this.range;
      this.code -= one ? this.range : 0;
      value = value * 2 + (one ? 1 : 0);
      this.refill();
    }
    return value;
  }

  tree(place, count) {
    let node = 1;
    for (let i = 0; i < count; i++) {
      node = node * 2 + this.bit(place + node);
    }
    return node - (1 << count);
  }

  /* The same with the lowest bit first. */
  reversed(place, count) {
    let node = 1, value = 0;
    for (let i = 0; i < count; i++) {
      const bit = this.bit(place + node);
      node = node * 2 + bit;
      value += bit << i;
    }
    return value;
  }

  length(place) {
    if (!this.bit(place)) {
      return this.tree(place + 2, 3);
    }
    return this.bit(place + 1) ? 16 + this.tree(place + 18, 8) : 8 + this.tree(place + 10, 3);
  }

  distance(length) {
    const slot = this.tree(SLOTS + Math.min(length, 3) * 64, 6);
    if (slot < 4) {
      return slot;
    }
    const count = (slot >> 1) - 1, base = (2 + (slot & 1)) * 2 ** count;
    return slot < 14 ? base + this.reversed(NEAR + base - slot, count)
      : base + this.even(count - 4) * 16 + this.reversed(ALIGNED, 4);
  }

  /* After a match, the byte at its distance tells which byte will not come. */
  literal(before, unlike) {
    const place = LITERALS + 0x300 * (before >> 5);
    let node = 1;
    while (unlike >= 0 && node < 0x100) {
      const expected = unlike >> 7 & 1, bit = this.bit(place + (1 + expected << 8) + node);
      node = node * 2 + bit;
      unlike = expected === bit ? unlike << 1 : -1;
    }
    while (node < 0x100) {
      node = node * 2 + this.bit(place + node);
    }
    return node & 0xFF;
  }

  /* Puts the distance that is used again first. */
  again(distances, state) {
    const nth = !this.bit(IS_LATER + state) ? 0 : !this.bit(IS_THIRD + state) ? 1
      : 2 + this.bit(IS_FOURTH + state);
    distances.unshift(...distances.splice(nth, 1));
    return nth;
  }
}

/* The `size` bytes that `packed` was made of. */
function unpack(packed, size) {
  const bits = new Bits(packed), out = new Uint8Array(size), distances = [0, 0, 0, 0];
  let state = 0;
  for (let at = 0, length; at < size;) {
    if (!bits.bit(IS_MATCH + state)) {
      out[at] = bits.literal(at > 0 ? out[at - 1] : 0, state < 7 ? -1 : out[at - distances[0] - 1]);
      at++;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    if (!bits.bit(IS_REPEAT + state)) {
      length = 2 + bits.length(MATCH_LENGTH);
      distances.pop();
      distances.unshift(bits.distance(length - 2));
      state = state < 7 ? 7 : 10;
    } else if (bits.again(distances, state) === 0 && !bits.bit(IS_LONG + state)) {
      length = 1;
      state = state < 7 ? 9 : 11;
    } else {
      length = 2 + bits.length(REPEAT_LENGTH);
      state = state < 7 ? 8 : 11;
    }
    for (const from = at - distances[0] - 1, begin = at; at < begin + length; at++) {
      out[at] = out[from + at - begin];
    }
  }
  return out;
}

/* Bytes from text, 13 bits from each two characters, which are digits to base 91: ASCII from "!" on
 * without those that mean something in strings or HTML. Base64 needs a twelfth more characters. */
function readDigits(text) {
  const digit = (at) => {
    const c = text.charCodeAt(at);
    return c - 33 - (c > 34) - (c > 60) - (c > 92);
  };
  const bytes = new Uint8Array(text.length * 13 >> 4);
  let held = 0, bits = 0, used = 0;
  for (let i = 0; i < text.length; i += 2) {
    held |= digit(i) + 91 * digit(i + 1) << bits;
    for (bits += 13; bits >= 8; bits -= 8) {
      bytes[used++] = held & 0xFF;
      held >>= 8;
    }
  }
  return bytes;
}

/* Unpacks the program, of `size` bytes, and after it the scripts, which start it. */
function load(text, size, scripts) {
  const bytes = unpack(readDigits(text), size + scripts);
  const script = document.createElement("script");
  script.textContent = new TextDecoder().decode(bytes.subarray(size));
  document.head.append(script);
  start(bytes.subarray(0, size));
}
