/** Waiting that ends at once when the network comes back or the citizen says so. */

const resting = new Set();

/** Waits, at most so long. */
function rest(milliseconds) {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      resting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    resting.add(wake);
  });
}

/** Ends every wait. */
function wakeAll() {
  for (const wake of [...resting]) wake();
}

/** Wakes everything when the network is there again; called once, at the start. */
function wakeWithNetwork() {
  wx.onNetworkStatusChange(({ isConnected }) => isConnected && wakeAll());
}

module.exports = { rest, wakeAll, wakeWithNetwork };
