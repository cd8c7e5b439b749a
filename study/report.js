"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const fields = ["group", "framing", "voice", "loaded", "referent", "speaker", "words", "order"]
    .map((name) => [name, byId("by-" + name)])
    .filter(([, field]) => field);
  const list = byId("list"), count = byId("count"), pager = byId("pager");
  const LOADED = { true: "loaded", false: "not loaded" };

  let data = null, documents = [], sentences = [];
  let matching = [], first = 0, only = null;

  // The sentences are read when they are first asked for: until then the page shows its own.
  const ready = () => {
    if (data !== null) return;
    data = JSON.parse(byId("data").textContent);
    documents = data.documents.map(([id, group, title, date, url]) => ({ id, group, title, date, url }));
    sentences = data.sentences.map(([doc, number, probability, loaded, copy, runs, mentions, words]) => ({
      doc, number, probability, loaded, copy, words,
      runs: runs.map((run) => (typeof run === "string" ? [run, -1, 0] : run)),
      mentions: mentions.map(([text, framing, stance, voice, probability, referent, speaker]) => (
        { text, framing, stance, voice, probability, referent, speaker })),
    }));
    matching = sentences;
  };

  // Everything from the archive passes through here, as the text of a node.
  const node = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const link = (href, ...children) => {
    const made = node("a", "", ...children);
    made.setAttribute("href", href);
    return made;
  };
  const bdi = (text) => node("bdi", "", text);
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const whole = (number) => number.toLocaleString("en");

  const loadedness = (s) => `${LOADED[s.loaded] || "loaded or not: uncertain"} (${s.probability})`;
  const plain = (s) => !s.mentions.length && !s.words.length;

  const sentenceText = (s) => {
    const shown = node("p", "text");
    shown.setAttribute("dir", "auto");
    let open = null, last = -1;
    const close = () => {
      if (open === null) return;
      const m = s.mentions[last], sign = data.signs[m.framing];
      if (sign) {
        const sup = node("sup", "", sign);
        sup.setAttribute("aria-hidden", "true");
        open.append(sup);
      }
      open.append(node("span", "vh", ` (${m.framing || "no framing"}, ${m.voice || "no"} voice)`));
      open = null;
    };
    for (const [text, mention, loaded] of s.runs) {
      if (mention !== last) close();
      if (mention >= 0 && open === null) {
        const m = s.mentions[mention];
        open = node("span", `m f-${m.framing || "none"} v-${m.voice || "none"}`);
        shown.append(open);
      }
      (open || shown).append(loaded ? node("em", "", text) : text);
      last = mention;
    }
    close();
    return shown;
  };

  const metaLine = (s) => {
    const d = documents[s.doc], meta = node("p", "meta"), group = data.groups[d.group];
    if (group) meta.append(node("bdi", "group", group));
    if (d.date) meta.append(node("bdi", "date", d.date));
    meta.append(node("span", "", link("#doc-" + s.doc, bdi(d.title))));
    if (d.url) {
      const original = link(d.url, "original", node("span", "vh", " of ", bdi(d.title)));
      original.setAttribute("rel", "noopener noreferrer nofollow external");
      meta.append(node("span", "", original));
    }
    meta.append(node("span", "", `sentence ${s.number + 1}`));
    if (s.copy) meta.append(node("span", "", "repeats an earlier text"));
    if (plain(s)) meta.append(node("span", "", `no label, ${loadedness(s)}`));
    return meta;
  };

  const note = (m) => {
    const item = node("li", "", node("bdi", "", node("b", "", m.text)), `: framing ${m.framing || "none"}`);
    if (m.probability) item.append(` (${m.probability})`);
    item.append(`; stance ${m.stance || "none"}; voice ${m.voice || "none"}`);
    if (m.referent) item.append("; referent ", bdi(m.referent));
    if (m.speaker) item.append("; speaker ", bdi(m.speaker));
    return item;
  };

  const labels = (s) => {
    const n = s.mentions.length, named = n ? `${n} label${n === 1 ? "" : "s"}` : "no label";
    const notes = node("ul", "", ...s.mentions.map(note));
    if (s.words.length) {
      const item = node("li", "", "loaded words: ");
      s.words.forEach((word, i) => item.append(i ? ", " : "", node("bdi", "", node("em", "", word))));
      notes.append(item);
    }
    return node("details", "", node("summary", "", `${named}, ${loadedness(s)}`), notes);
  };

  const show = () => {
    const page = matching.slice(first, first + data.page), end = first + page.length;
    list.replaceChildren(...page.map((s) => node("li", "s", sentenceText(s), metaLine(s), ...(plain(s) ? [] : [labels(s)]))));
    const of = matching.length === sentences.length ? "" : " that match";
    const all = of ? ` (${whole(sentences.length)} in all)` : "";
    count.textContent = matching.length
      ? `Sentences ${whole(first + 1)} to ${whole(end)} of ${whole(matching.length)}${of}${all}`
      : "No sentence matches; clear a filter to see more";
    pager.hidden = matching.length <= data.page;
    byId("previous").disabled = first === 0;
    byId("next").disabled = end >= matching.length;
  };

  const has = (text, part) => text !== null && folded(text).includes(part);
  const chosen = () => Object.fromEntries(fields.map(([name, field]) => [name, field.value]));

  const mentionFits = (m, want) =>
    (!want.framing || m.framing === want.framing) && (!want.voice || m.voice === want.voice) &&
    (!want.referent || has(m.referent, want.referent)) && (!want.speaker || has(m.speaker, want.speaker));

  const fits = (s, want) => {
    if (want.group && documents[s.doc].group !== Number(want.group)) return false;
    if (want.loaded && s.loaded !== want.loaded) return false;
    if (want.framing === "-") {
      if (s.mentions.length || want.voice || want.referent || want.speaker) return false;
    } else if (want.framing || want.voice || want.referent || want.speaker) {
      if (!s.mentions.some((m) => mentionFits(m, want))) return false;
    }
    if (!want.words) return true;
    s.folded = s.folded || folded(s.runs.map((run) => run[0]).join(""));
    return s.folded.includes(want.words);
  };

  const ORDERS = {
    loaded: (a, b) => b.probability - a.probability,
    document: (a, b) => a.doc - b.doc || a.number - b.number,
  };

  const filter = () => {
    ready();
    const want = chosen();
    for (const name of ["referent", "speaker", "words"]) want[name] = folded(want[name].trim());
    matching = only === null ? sentences.filter((s) => fits(s, want)) : sentences.filter((s) => s.doc === only);
    const order = only === null ? ORDERS[want.order] : ORDERS.document;
    if (order) matching = [...matching].sort(order);
    first = 0;
    show();
  };

  // A document's place in the report: its title, and its sentences of the sample as they follow.
  const showDocument = () => {
    const found = /^#doc-(\d{1,9})$/.exec(location.hash);
    if (found) ready();
    const next = found && Number(found[1]) < documents.length ? Number(found[1]) : null;
    if (next === only) return;
    only = next;
    byId("document").hidden = only === null;
    byId("filters").hidden = only !== null;
    if (only !== null) {
      const d = documents[only], facts = byId("document-facts");
      byId("document-title").replaceChildren(bdi(d.title));
      facts.replaceChildren(...[data.groups[d.group], d.date, d.id].filter(Boolean).map(bdi));
      if (d.url) {
        const original = link(d.url, "original");
        original.setAttribute("rel", "noopener noreferrer nofollow external");
        facts.append(node("span", "", original));
      }
    }
    filter();
    byId(only === null ? "sentences" : "document-title").scrollIntoView();
    (only === null ? list : byId("document-title")).focus({ preventScroll: true });
  };

  const turn = (by) => {
    ready();
    first += by * data.page;
    show();
    list.focus({ preventScroll: true });
    count.scrollIntoView();
  };

  // What scrolls can be reached by keyboard; what does not is no stop on the way.
  const reach = () => document.querySelectorAll(".scroll").forEach((part) => {
    part.tabIndex = part.scrollWidth > part.clientWidth ? 0 : -1;
  });
  window.addEventListener("resize", reach);
  window.addEventListener("load", reach);
  document.addEventListener("toggle", reach, true);

  let waiting = 0;
  const form = byId("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  form.addEventListener("reset", () => setTimeout(filter));
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  byId("leave").addEventListener("click", () => { location.hash = "#sentences"; });
  window.addEventListener("hashchange", showDocument);

  form.reset();
  form.hidden = false;
  pager.hidden = !("more" in list.dataset);
  byId("previous").disabled = true;
  showDocument();
})();
