// Starts the components of GOV.UK Frontend, prints where it is asked to, and watches over the session, a mediator's call
// and a view that ends. Every page works without this file.
import { initAll } from './govuk-frontend.min.js'
import { watchCall } from './call.js'
import { endView } from './ending.js'
import { watchSession } from './session.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
}
initAll()

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

const session = document.querySelector('[data-session]')
if (session) watchSession(session)

const call = document.querySelector('[data-call]')
if (call) watchCall(call)

const ending = document.querySelector('[data-over]')
if (ending) endView(ending)
