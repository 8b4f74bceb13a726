// Ends the view of a protected record that was opened in an emergency: when it is left or hidden, and when its time is over.
// Without this file the browser leaves it by itself when its time is over.

const SECOND = 1000

export function endView (view) {
  function end () {
    view.remove()
    window.location.replace(view.dataset.over)
  }

  setTimeout(end, Number(view.dataset.seconds) * SECOND)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') end()
  })
  // Whoever goes on to another page finds nothing of it on the way back.
  window.addEventListener('pagehide', () => view.remove())
}
