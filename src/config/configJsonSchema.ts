import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { configSchema } from './schema/configSchema.ts';

/** The JSON Schema for editors, of what a user writes. */
export function configJsonSchema(): JsonSchema {
  const schema = toJsonSchema(configSchema, {
    typeMode: 'input',
    errorMode: 'ignore',
    // In this mode what stands behind a transformation is left out, descriptions too.
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const inner =
        valibotSchema.type === 'optional' && 'wrapped' in valibotSchema ? valibotSchema.wrapped : valibotSchema;
      const description = descriptionOf(inner);
      return description === undefined ? jsonSchema : { ...jsonSchema, description };
    },
  });
  return { title: 'Configuration of Weft', ...schema };
}

function descriptionOf(schema: unknown): string | undefined {
  const isSchema = typeof schema === 'object' && schema !== null && 'kind' in schema && schema.kind === 'schema';
  return isSchema ? v.getDescription(schema as v.GenericSchema) : undefined;
}
