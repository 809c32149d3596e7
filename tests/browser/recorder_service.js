/* An outbox with a service that keeps, refuses and forgets as it is told. Evaluated in the page. */
async ({ outbox, highest, plan, limits }) => {
  const { openOutbox } = await import(new URL(`./assets/${outbox}`, document.baseURI));
  const service = { kept: {}, asked: [], highest, atOnce: 0, most: 0, progress: 0, state: null };
  const recording = () => {
    const top = Math.max(service.highest, ...Object.keys(service.kept).map(Number));
    const missing = [];
    for (let seq = service.highest + 1; seq < top; seq += 1) if (!(seq in service.kept)) missing.push(seq);
    return { highest: top, missing };
  };
  async function send(seq, startedAt, durationMs, bytes) {
    service.asked.push(seq);
    service.most = Math.max(service.most, (service.atOnce += 1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    service.atOnce -= 1;
    const refusal = plan[seq]?.shift();
    if (refusal?.takes) for (const taken of refusal.takes) service.kept[taken] = "another's";
    if (refusal?.forgets) delete service.kept[refusal.forgets];
    else if (refusal) throw Object.assign(new Error("refused"), refusal);
    service.kept[seq] = bytes;
    return { seq, recording: recording() };
  }
  async function progress() {
    service.progress += 1;
    return recording();
  }
  const box = openOutbox({ send, progress, limits, onChange: (state) => (service.state = state) });
  globalThis.service = service;
  globalThis.box = box;
}
