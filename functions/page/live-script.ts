/**
 * The only script of the page: while a sweep runs it exchanges what is live for what is new, without losing the reader's place, and loads
 * the whole page once when it has ended. Without it the page loads itself again.
 */
import { createHash } from 'node:crypto';

export const LIVE_SCRIPT = `(()=>{const look=async()=>{try{const text=await(await fetch(location.href)).text();
const next=new DOMParser().parseFromString(text,'text/html');
if(!next.getElementById('live'))return location.reload();
for(const id of ['state','live']){const now=document.getElementById(id),{innerHTML}=next.getElementById(id);
if(!now.contains(document.activeElement)&&now.innerHTML!==innerHTML)now.innerHTML=innerHTML}}catch{}
setTimeout(look,2000)};setTimeout(look,2000)})()`;

/** As a Content-Security-Policy names it. */
export const LIVE_SCRIPT_HASH = `sha256-${createHash('sha256').update(LIVE_SCRIPT).digest('base64')}`;
