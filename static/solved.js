// Keeps in a cookie of this browser which tasks of the lessons are solved, so that the next tab begins with them.
//
// Other tabs write there, too: what this one adds or forgets is put into what the cookie says at that moment, and what
// it has added once it does not add again, for another tab may have forgotten it.

const KEPT_S = 400 * 24 * 3600; // browsers keep none for longer
const told = new Set();
const dealt = new Set(); // marks of what was to be forgotten

export function read(cookies, { cookie, separator, known }) {
  const found = cookies.split("; ").find((each) => each.startsWith(`${cookie}=`)) ?? "=";
  const named = new Set(found.slice(found.indexOf("=") + 1).split(separator));
  return known.filter((each) => named.has(each));
}

export function merged(before, { known, solved, forgotten }, told, dealt) {
  const now = new Set(before);
  for (const [lesson, mark] of Object.entries(forgotten)) {
    if (dealt.has(mark)) continue;
    dealt.add(mark);
    const gone = known.filter((each) => each.startsWith(`${lesson}.`));
    for (const kept of [now, told]) gone.forEach((each) => kept.delete(each));
  }
  for (const each of solved) if (!told.has(each)) now.add(each);
  solved.forEach((each) => told.add(each));
  return known.filter((each) => now.has(each));
}

export default function keep({ data }) {
  try {
    const now = merged(read(document.cookie, data), data, told, dealt);
    const age = now.length ? KEPT_S : 0, path = new URL(".", document.baseURI).pathname;
    document.cookie = `${data.cookie}=${now.join(data.separator)}; path=${path}; max-age=${age}; samesite=lax`;
  } catch {
    // where pages may not store anything the tab still knows
  }
}
