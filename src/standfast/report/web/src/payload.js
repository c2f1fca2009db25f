// The data of the page: packed shares become arrays, everything else is used as it is.

const MISSING = { 1: 255, 2: 65535 };

/** Read shares packed as base 64 of little-endian integers; missing ones become NaN. */
export function unpack(text, width, one) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const values = new Float32Array(bytes.length / width);
  for (let i = 0; i < values.length; i++) {
    const raw = width === 1 ? bytes[i] : bytes[2 * i] + 256 * bytes[2 * i + 1];
    values[i] = raw === MISSING[width] ? NaN : raw / one[width];
  }
  return values;
}

/** Return the payload with its arrays unpacked and its hours as dates (UTC stands for local time). */
export function readPayload(text) {
  const data = JSON.parse(text);
  const start = Date.parse(`${data.start}Z`);
  const nHour = data.hours.length;
  data.dateOf = (hour) => new Date(start + hour * 3600e3);
  data.dates = data.hours.map(data.dateOf);
  for (const row of data.homes) row.groups = row.groups.map((rows) => rows.map((each) => unpack(each, 2, data.one)));
  for (const place of data.places) {
    const all = unpack(place.runs, 1, data.one);
    place.runs = Array.from({ length: data.replicates }, (_, r) => all.subarray(r * nHour, (r + 1) * nHour));
    for (const branch of place.branches) {
      branch.groups = branch.groups.map((rows) => rows.map((row) => unpack(row, 1, data.one)));
    }
    for (const group of place.groups) {
      group.quantiles = group.quantiles.map((row) => unpack(row, 2, data.one));
      group.end = group.quantiles[2][nHour - 1];
      group.tone = tone(group.end, data.bounds);
      for (const name of Object.keys(group.readings)) {
        group.readings[name] = group.readings[name].map((row) => unpack(row, 1, data.one));
      }
    }
  }
  return data;
}

/** Name the colour of an outcome by the share still serving at the end. */
export function tone(end, [collapse, held]) {
  return end >= held ? "held" : end < collapse ? "collapse" : "fragmented";
}

/** Index of the last sent hour at or before the given one. */
export function indexOf(hours, hour) {
  let low = 0;
  let high = hours.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (hours[middle] <= hour) low = middle;
    else high = middle - 1;
  }
  return low;
}
