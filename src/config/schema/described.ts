import * as v from 'valibot';

/** The text goes into the JSON Schema for editors and into the reference. */
export function described<TSchema extends v.GenericSchema>(
  schema: TSchema,
  text: string,
): v.SchemaWithPipe<readonly [TSchema, v.DescriptionAction<v.InferOutput<TSchema>, string>]> {
  return v.pipe(schema, v.description(text));
}
