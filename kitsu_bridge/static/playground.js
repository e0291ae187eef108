// The playground: selecting as in Kitsu, and sending byte for byte what Kitsu 1.0.56 sends (tests/payloads).
(() => {
  "use strict";

  const board = document.getElementById("board");
  if (!board) return;

  const boxes = [...board.querySelectorAll('input[name="selection"]')];
  const rows = [...new Set(boxes.map((box) => box.closest("tr")))];
  const request = document.getElementById("request");
  const selected = []; // Ids in the order in which they were selected, as Kitsu keeps them.
  let anchor = null;

  for (const one of board.querySelectorAll("[data-scripted], [data-select]")) one.hidden = false;

  const place = (box) => ({ row: rows.indexOf(box.closest("tr")), column: Number(box.dataset.column) });

  function set(box, on) {
    box.checked = on;
    const at = selected.indexOf(box.value);
    if (on && at < 0) selected.push(box.value);
    if (!on && at >= 0) selected.splice(at, 1);
  }

  function setAll(some, on) {
    const wanted = new Set(some.map((box) => box.value));
    for (const box of some) box.checked = on;
    const others = selected.filter((id) => !wanted.has(id));
    const kept = on ? [...selected, ...some.map((box) => box.value).filter((id) => !selected.includes(id))] : others;
    selected.splice(0, selected.length, ...kept);
  }

  function range(from, to) {
    const [a, b] = [place(from), place(to)];
    const within = (value, one, other) => value >= Math.min(one, other) && value <= Math.max(one, other);
    return boxes.filter((box) => {
      const at = place(box);
      return within(at.row, a.row, b.row) && within(at.column, a.column, b.column);
    });
  }

  // What Kitsu sends: names, their order and their types differ between its form and its AJAX call.

  function asForm(ids, changes = {}) {
    const fields = {
      personid: board.dataset.person,
      personemail: board.dataset.email,
      projectid: board.dataset.project,
      currentpath: board.dataset.path,
      currentserver: board.dataset.server,
      selection: ids.join(","),
      entitytype: board.dataset.page,
      ...changes,
    };
    return Object.entries(fields);
  }

  function asJson(ids, changes = {}) {
    return JSON.stringify({
      entitytype: board.dataset.page,
      originurl: board.dataset.path,
      originserver: board.dataset.server,
      selection: ids,
      productionid: board.dataset.project,
      userid: board.dataset.person,
      useremail: board.dataset.email,
      ...changes,
    });
  }

  const encoded = (pairs) => new URLSearchParams(pairs).toString();

  function show(method, url, type, accept, body) {
    const lines = [`${method} ${url} HTTP/1.1`, `Host: ${location.host}`, `Origin: ${location.origin}`, `Accept: ${accept}`];
    if (type) lines.push(`Content-Type: ${type}`, `Content-Length: ${new Blob([body]).size}`);
    const cut = body.length > 6000 ? `${body.slice(0, 6000)}\n… ${body.length.toLocaleString()} characters in all` : body;
    request.textContent = `${lines.join("\n")}\n\n${cut}`;
  }

  const PAGE = "text/html,application/xhtml+xml,…";
  const FORM = "application/x-www-form-urlencoded";

  function sendForm(url, pairs, method = "post") {
    show(method.toUpperCase(), method === "get" ? `${url}?${encoded(pairs)}` : url, method === "get" ? "" : FORM, PAGE, method === "get" ? "" : encoded(pairs));
    const form = document.createElement("form");
    Object.assign(form, { method, action: url, target: "_blank", hidden: true });
    for (const [name, value] of pairs) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
    form.remove();
  }

  async function sendAjax(url, body, type = "application/json") {
    show("POST", url, type, "*/*", body);
    const answer = document.getElementById("answer");
    const page = document.getElementById("answer-page");
    const answered = document.getElementById("answered");
    answered.hidden = false;
    answered.scrollIntoView({ block: "nearest" }); // The panel is longer than the window: else nothing seems to happen.
    page.hidden = true;
    answer.textContent = "Sent. Waiting for the answer…";
    try {
      const response = await fetch(url, { method: "POST", body, credentials: "include", headers: { "Content-Type": type } });
      const text = await response.text();
      const heads = ["content-type", "location", "retry-after"].filter((name) => response.headers.has(name));
      const head = [`${response.status} ${response.statusText}`, ...heads.map((name) => `${name}: ${response.headers.get(name)}`)];
      let said = null;
      try {
        said = JSON.parse(text);
      } catch {
        // Not JSON: shown as it came.
      }
      answer.textContent = `${head.join("\n")}\n\n${said ? JSON.stringify(said, null, 2) : text.slice(0, 4000)}`;
      const target = said && (said.page || said.instance);
      if (target) {
        page.href = new URL(target, location.href).pathname;
        page.hidden = false;
      }
    } catch (error) {
      answer.textContent = `No answer: ${error.message}`;
    }
  }

  function chosen() {
    const radio = board.querySelector('input[name="action"]:checked');
    if (!radio) return null;
    const otherWay = document.getElementById("other-way").checked;
    return { url: radio.value, background: Boolean(radio.dataset.background) !== otherWay };
  }

  function run() {
    const action = chosen();
    if (!action) return;
    if (action.background) sendAjax(action.url, asJson(selected));
    else sendForm(action.url, asForm(selected));
  }

  const random = () => crypto.randomUUID?.() || "00000000-0000-4000-8000-00000000dead";

  // Some tasks of another production, from its own playground.
  async function strangers() {
    const page = await (await fetch(`?production=${encodeURIComponent(board.dataset.other)}`)).text();
    const found = new DOMParser().parseFromString(page, "text/html").querySelectorAll('input[name="selection"]');
    return [...found].slice(0, 3).map((box) => box.value);
  }

  const BROKEN = {
    empty: (way) => way([]),
    unknown: (way) => way([random(), random()]),
    words: (way) => way([boxes[0].value, "all", "SH0010"]),
    strangers: async (way) => way(await strangers()),
    somebody: (way, ids) => way(ids, random(), "somebody@else.example"),
    single: (_way, ids, url) => sendAjax(url, asJson([], { selection: ids[0] })),
    repeated: (_way, ids, url) =>
      sendForm(url, [...asForm([]).filter(([name]) => name !== "selection"), ...ids.map((id) => ["selection", id])]),
    json: (_way, ids, url) => sendAjax(url, asJson(ids).slice(0, -20)),
    text: (_way, ids, url) => sendAjax(url, ids.join("\n"), "text/plain"),
    get: (_way, ids, url) => sendForm(url, asForm(ids), "get"),
    large: (_way, ids, url) => sendAjax(url, asJson(ids, { originurl: "x".repeat(5 * 1024 * 1024) })),
  };

  function breakIt(name) {
    const action = chosen();
    if (!action) return;
    const ids = selected.length ? selected : boxes.slice(0, 3).map((box) => box.value);
    // As the action itself is sent: a form into a new tab, or in the background.
    const way = (some, person = board.dataset.person, email = board.dataset.email) =>
      action.background
        ? sendAjax(action.url, asJson(some, { userid: person, useremail: email }))
        : sendForm(action.url, asForm(some, { personid: person, personemail: email }));
    BROKEN[name](way, ids, action.url);
  }

  const SHOWN = 12;
  const byId = new Map(boxes.map((box) => [box.value, box]));
  const heads = [...board.querySelectorAll("thead th")].map((head) => head.firstChild.textContent.trim());

  function list() {
    const names = document.getElementById("selected");
    names.hidden = !selected.length;
    names.replaceChildren(
      ...selected.slice(0, SHOWN).map((id) => {
        const item = document.createElement("li");
        const box = byId.get(id);
        item.textContent = `${box.closest("tr").querySelector("th").textContent.trim()} / ${heads[Number(box.dataset.column) + 1]}`;
        return item;
      }),
    );
    if (selected.length > SHOWN) names.append(`and ${(selected.length - SHOWN).toLocaleString()} more`);
  }

  function tell() {
    const count = selected.length;
    list();
    document.getElementById("count").textContent = count ? `${count.toLocaleString()} selected` : "Nothing selected";
    const button = document.getElementById("run");
    if (button) button.textContent = count ? `Run on ${count.toLocaleString()}` : "Run on nothing";
    const action = chosen();
    if (!action) return;
    if (action.background) show("POST", action.url, "application/json", "*/*", asJson(selected));
    else show("POST", action.url, FORM, PAGE, encoded(asForm(selected)));
  }

  board.addEventListener("click", (event) => {
    const target = event.target;
    if (target.matches('input[name="selection"]')) {
      if (event.shiftKey && anchor) setAll(range(anchor, target), true);
      else set(target, target.checked);
      anchor = target;
    } else if (target.matches("[data-select]")) {
      const of = { all: boxes, none: boxes, column: boxes.filter((box) => box.dataset.column === target.dataset.column) };
      const some = of[target.dataset.select];
      setAll(some, target.dataset.select !== "none" && !some.every((box) => box.checked));
    } else if (target.matches("[data-broken]")) return breakIt(target.dataset.broken);
    else if (target.id === "run") return run();
    tell();
  });

  // A label passes its click on without the Shift key in some browsers; and Shift must not select text.
  board.addEventListener("mousedown", (event) => event.shiftKey && event.target.closest(".cell") && event.preventDefault());

  board.addEventListener("click", (event) => {
    const label = event.target.closest(".cell");
    if (!label || event.target.matches("input")) return;
    event.preventDefault();
    const box = label.querySelector("input");
    box.focus();
    if (event.shiftKey && anchor) setAll(range(anchor, box), true);
    else set(box, !box.checked);
    anchor = box;
    tell();
  });

  board.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !event.target.matches('input[name="selection"]')) return;
    event.preventDefault();
    const at = place(event.target);
    for (let far = 1; far <= Math.max(rows.length, 40); far += 1) {
      const row = rows[at.row + step[0] * far];
      if (!row) return;
      const next = row.querySelector(`input[data-column="${at.column + step[1] * far}"]`);
      if (!next && at.column + step[1] * far < 0) return;
      if (next) {
        next.focus();
        if (event.shiftKey) set(next, true);
        return tell();
      }
    }
  });

  board.addEventListener("change", tell);
  board.addEventListener("submit", (event) => event.preventDefault());
  for (const box of boxes) if (box.checked) set(box, true); // A reload keeps what was checked.
  tell();
})();
