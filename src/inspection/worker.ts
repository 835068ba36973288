import { lookInto, type Result, type Task } from './examine.ts'

/** What a thread of the inspector's pool runs. */
export default (task: Task): Result => lookInto(task)
