// An authority's own identity provider, for tests alone: whoever types an e-mail address is that person.
// "unverified:" before it leaves the address unconfirmed, "nameless:" leaves it out.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const { PORT, CLIENT_ID, CLIENT_SECRET, REDIRECT_URIS } = process.env;

function claims(login) {
  const [, prefix, email] = login.match(/^(?:(unverified|nameless):)?(.*)$/);
  return prefix === "nameless" ? { sub: login } : { sub: login, email, email_verified: prefix !== "unverified" };
}

async function grantWhatIsAsked(context) {
  const grant = new provider.Grant({
    accountId: context.oidc.session.accountId,
    clientId: context.oidc.client.clientId,
  });
  grant.addOIDCScope("openid email");
  await grant.save();
  return grant;
}

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_types: ["authorization_code"],
      redirect_uris: JSON.parse(REDIRECT_URIS),
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  cookies: { keys: [randomBytes(32).toString("hex")] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_context, login) => ({ accountId: login, claims: () => claims(login) }),
  interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
  loadExistingGrant: grantWhatIsAsked,
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
});

const PAGE = `<!DOCTYPE html><html lang="en"><title>The council's sign-in</title><h1>The council's sign-in</h1>
<form method="post"><label>E-mail address <input name="login"></label><button>Continue</button>
<button name="refuse" value="yes">No</button></form></html>`;

async function signIn(request, response) {
  if (request.method === "GET") {
    response.setHeader("Content-Type", "text/html");
    response.end(PAGE);
    return;
  }
  let body = "";
  for await (const part of request) body += part;
  const typed = new URLSearchParams(body);
  const result = typed.has("refuse") ? { error: "access_denied" } : { login: { accountId: typed.get("login") } };
  await provider.interactionFinished(request, response, result);
}

createServer((request, response) => {
  if (request.url.startsWith("/sign-in/")) signIn(request, response);
  else provider.callback()(request, response);
}).listen(Number(PORT), "127.0.0.1");
