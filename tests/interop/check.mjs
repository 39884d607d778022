// Checks badges with libraries that share no code with Fourweek. Reads {documents, now, cases} from a file and writes
// {case: why it is refused, "" if it is accepted}. Nothing is fetched: whatever `documents` does not hold is missing.
import {readFile} from 'node:fs/promises';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {importJWK, jwtVerify} from 'jose';
import * as vc from '@digitalbazaar/vc';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const {documents, now, cases} = JSON.parse(await readFile(process.argv[2], 'utf8'));

const kinds = {badge: checkBadge, list: checkList, token: checkToken};
const found = {};
for(const {name, kind, text, list} of cases) {
  try {
    await kinds[kind](text, loaderWith(list));
    found[name] = '';
  } catch(error) {
    found[name] = reason(error);
  }
}
process.stdout.write(JSON.stringify(found));

// The documents, with another status list in the place of its own if a case brings one.
function loaderWith(list) {
  const all = list ? {...documents, [JSON.parse(list).id]: JSON.parse(list)} : documents;
  return async url => {
    const [whole, fragment] = url.split('#');
    const document = all[url] ?? all[whole];
    if(document === undefined) {
      throw new Error(`not at hand: ${url}`);
    }
    if(!fragment || all[url]) {
      return {contextUrl: null, documentUrl: url, document};
    }
    const method = document.verificationMethod.find(entry => entry.id === url);
    if(!method) {
      throw new Error(`no such key: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: {'@context': MULTIKEY, ...method}};
  };
}

async function checkBadge(text, documentLoader) {
  await holds(text, documentLoader, {checkStatus});
}

async function checkList(text, documentLoader) {
  await holds(text, documentLoader, {});
}

async function holds(text, documentLoader, more) {
  const credential = JSON.parse(text);
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({credential, suite, documentLoader, now: new Date(now), ...more});
  if(!result.verified) {
    throw result.error ?? result.statusResult?.results?.find(one => one.error)?.error ?? new Error('its status');
  }
  if(result.statusResult?.results.some(one => one.status)) {
    throw new Error('revoked');
  }
  const key = await Ed25519Multikey.from(
    (await documentLoader(credential.proof[0].verificationMethod)).document);
  if(key.controller !== credential.issuer.id && key.controller !== credential.issuer) {
    throw new Error('the key is another\'s');
  }
}

async function checkToken(text, documentLoader) {
  const key = async header => {
    const {document: jwk} = await documentLoader(header.kid);
    return importJWK(jwk, header.alg);
  };
  const {payload, protectedHeader} = await jwtVerify(
    text, key, {algorithms: ['RS256'], typ: 'JWT', currentDate: new Date(now)});
  const {document: issuer} = await documentLoader(payload.iss);
  const {document: jwk} = await documentLoader(protectedHeader.kid);
  const named = issuer.verificationMethod.filter(method => method.publicKeyJwk?.n === jwk.n);
  if(!named.some(method => issuer.assertionMethod.includes(method.id))) {
    throw new Error('the issuer does not name this key');
  }
  for(const [claim, field] of [['iss', payload.issuer.id], ['jti', payload.id], ['sub', payload.credentialSubject.id]]) {
    if(payload[claim] !== field) {
      throw new Error(`${claim} is not what the credential says`);
    }
  }
}

function reason(error) {
  const first = error.errors?.[0] ?? error;
  return first.message || first.name || 'refused';
}
