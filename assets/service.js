// Starts the components of GOV.UK Frontend, and the watch over the session. Every page works without this file.
import { initAll } from './govuk-frontend.min.js'
import { watchSession } from './session.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
}
initAll()

const session = document.querySelector('[data-session]')
if (session) watchSession(session)
