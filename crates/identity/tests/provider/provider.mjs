// A real OpenID Connect provider for tests. Whoever signs in is whom they say, with any password.
//
// Settings come from the environment: PORT (0 takes a free one), REDIRECT_URL, KEY_ID, and, where the
// provider is to tell groups, GROUPS with commas between. When it listens it writes its address as a
// line; it ends when its standard input does.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const { PORT = '0', REDIRECT_URL, KEY_ID = 'first', GROUPS } = process.env;

const server = createServer();
await new Promise((listening) => server.listen(Number(PORT), '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'pressroom',
      client_secret: 'a secret + with / signs',
      redirect_uris: [REDIRECT_URL],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  scopes: ['openid', 'profile', 'email', 'groups'],
  claims: {
    openid: ['sub'],
    profile: ['preferred_username', 'name', 'given_name', 'family_name'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  pkce: { required: () => true },
  jwks: { keys: [key] },
  cookies: { keys: ['for tests only'] },
  features: { devInteractions: { enabled: true } },
  findAccount: async (_context, id) => ({
    accountId: id,
    claims: async () => ({
      sub: id,
      preferred_username: id,
      given_name: 'Ann',
      family_name: 'Ångström',
      email: `${id}@example.com`,
      email_verified: true,
      ...(GROUPS === undefined ? {} : { groups: GROUPS.split(',') }),
    }),
  }),
});
server.on('request', provider.callback());

process.stdin.on('end', () => process.exit(0)).resume();
console.log(issuer);
