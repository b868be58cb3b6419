/**
 * What: looks for patterns of attacks in the values of a request. Where: of a valid operation, before it runs, on every transport.
 * A caller sees THREAT_DETECTED (400, an `error` frame over WebSocket) with the rule and the place, never the value; where it is only measured, nothing.
 */
import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { ExpressionInput } from '../../expressions/compileExpression.ts';
import type { GatewayPlugin, OpenContext } from '../GatewayPlugin.ts';
import type { IsAllowed } from './compileAllowances.ts';
import { type Finding, TOO_MUCH } from './Finding.ts';
import { type DocumentFacts, readDocument } from './readDocument.ts';
import { type SearchOptions, searchVariables } from './searchVariables.ts';

/** A configuration's rules, ready to be asked. One object a configuration: what is known of documents goes by it. */
export interface Threats extends SearchOptions {
  readonly mode: 'measure' | 'enforce';
  readonly isAllowed: IsAllowed;
}

export interface ThreatProtectionOptions {
  /** Those of the newest configuration; undefined: none. */
  readonly current: () => Threats | undefined;
  readonly report: (finding: Finding, asked: ExpressionInput, mode: Threats['mode']) => void;
}

interface Noted {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}

const NOTED = Symbol('threat protection');
type NotedContext = OpenContext & { [NOTED]?: Noted };

/** Findings of one request that are told. */
const MOST_TOLD = 10;

export function useThreatProtection({ current, report }: ThreatProtectionOptions): GatewayPlugin {
  const factsOf = createFacts();
  return {
    onValidate({ context, params: { schema, documentAST } }) {
      (context as NotedContext)[NOTED] = { schema, document: documentAST };
    },
    onContextBuilding({ context: built }) {
      const context = built as unknown as NotedContext;
      const [noted, threats] = [context[NOTED], current()];
      if (noted === undefined || threats === undefined) return;
      const facts = factsOf(threats, noted);
      let told = 0;
      let known: ExpressionInput | undefined;
      const asked = () => (known ??= askedOf(context, noted.document));
      /** Whether that was enough. */
      const judge = (finding: Finding): boolean => {
        if (threats.isAllowed(finding, asked)) return false;
        report(finding, asked(), threats.mode);
        if (threats.mode === 'enforce') throw refusal(finding);
        told += 1;
        return told === MOST_TOLD;
      };
      if (facts.findings.some(judge)) return;
      const { variables } = context.params ?? {};
      if (variables == null) return;
      searchVariables(variables, threats, (value) => judge({ ...value, arguments: facts.argumentsOf(value.variable) }));
    },
  };
}

function askedOf({ caller, headers, clientAddress, params }: OpenContext, document: DocumentNode): ExpressionInput {
  const operation = getOperationAST(document, params?.operationName);
  const named = operation == null ? undefined : { name: operation.name?.value ?? '', kind: operation.operation };
  return { caller, headers, clientAddress, operation: named };
}

function refusal({ rule, place }: Finding): GatewayError {
  const message =
    rule === TOO_MUCH
      ? `The texts of the request are longer than is looked through ("threat_protection.max_characters"), from "${place}" on.`
      : `The value at "${place}" is refused by the rule "${rule}".`;
  return new GatewayError('THREAT_DETECTED', message, { extensions: { rule, place } });
}

function createFacts() {
  const known = new WeakMap<DocumentNode, Noted & { readonly threats: Threats; readonly facts: DocumentFacts }>();
  return (threats: Threats, noted: Noted): DocumentFacts => {
    const { document, schema } = noted;
    const earlier = known.get(document);
    if (earlier?.threats === threats && earlier.schema === schema) return earlier.facts;
    const facts = readDocument(document, schema, threats);
    known.set(document, { ...noted, threats, facts });
    return facts;
  };
}
