/** The `pods` frame: folders of /var/log/pods, which the kubelet calls NAMESPACE_NAME_UID (pkg/kubelet/kuberuntime,
 * BuildPodLogsDirectory). The uid of a static pod is a hash of its manifest, without hyphens (pkg/kubelet/config/common.go). */

const FOLDER = /^\/var\/log\/pods\/([a-z0-9-]{1,63})_([a-z0-9.-]{1,253})_([0-9a-f-]{36}|[0-9a-f]{32})$/;
const MAX_PODS = 512;

/** uid → "namespace/name". */
export function parsePods(text: string): Map<string, string> {
  const pods = new Map<string, string>();
  for (const line of text.split('\n').slice(0, MAX_PODS)) {
    const [, namespace, name, uid] = FOLDER.exec(line) ?? [];
    if (uid !== undefined) pods.set(uid, `${namespace}/${name}`);
  }
  return pods;
}
