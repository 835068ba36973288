import { connect } from 'node:net'
import { newWord, placeholder } from './words.ts'

/** A call. In the place of the placeholder in its body a new word stands each time. */
type Call = { url: string; headers: Record<string, string>; body: string }

/**
 * Sends a call over so many connections, the next on each as soon as one is answered, until the time is over, and waits
 * for the last answers, so that every call that was sent is counted. Written on sockets, because a client that takes
 * more of the machine than what is measured would measure itself.
 */
export async function atFullSpeed(call: Call, connections: number, seconds: number) {
  const bytes = requestBytes(call)
  const { hostname, port } = new URL(call.url)
  const begin = performance.now()
  const until = begin + seconds * 1000
  const counts = await Promise.all(Array.from({ length: connections }, () => repeat(bytes, hostname, port, until)))
  const answered = counts.reduce((sum, count) => sum + count, 0)
  const took = (performance.now() - begin) / 1000
  return { answered, seconds: took, perSecond: answered / took }
}

function requestBytes({ url, headers, body }: Call): Buffer {
  const { host, pathname } = new URL(url)
  const lines = [`POST ${pathname} HTTP/1.1`, `host: ${host}`, `content-length: ${Buffer.byteLength(body)}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** The number of calls that one connection had answered with 200. Rejects on any other answer. */
function repeat(bytes: Buffer, host: string, port: string, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0
    let answer = ''
    // Sent whole before the next word is written to it.
    const request = Buffer.from(bytes)
    const place = request.indexOf(placeholder)
    const send = () => {
      request.write(newWord(), place, 'latin1')
      socket.write(request)
    }
    const socket = connect(Number(port), host, send)
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      answer += chunk
      if (!isWhole(answer)) return
      if (!answer.startsWith('HTTP/1.1 200')) {
        socket.destroy(new Error(`A call was answered with ${answer.slice(0, 512)}`))
        return
      }
      answered++
      answer = ''
      if (performance.now() < until) send()
      else socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => (answer === '' ? resolve(answered) : reject(new Error('A call was left unanswered'))))
  })
}

const lengthOfBody = /\r\ncontent-length: *(\d+)/i

/** Whether an answer has come to its end, by its length or by its last chunk. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n')
  if (head === -1) return false
  const length = lengthOfBody.exec(answer.slice(0, head))?.[1]
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= head + 4 + Number(length)
}
