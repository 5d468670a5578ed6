/* The walk through a message, by its table; and what most fields hold: names and texts. */
#include "files/onnx_walk.h"

static const cnn_rule *rule_of(cnn_message kind, int32_t number)
{
    for (size_t i = 0; i < kind.count; i++) {
        if (kind.rules[i].number == number) {
            return &kind.rules[i];
        }
    }
    return NULL;
}

/* Numbers that are written one after the other in one field. */
static bool take_packed(cnn_onnx_reader *r, const cnn_rule *rule, void *object,
                        const cnn_field *field)
{
    cnn_field one = {.number = field->number, .type = rule->type};
    while (r->wire.offset < field->end) {
        if (!cnn_wire_number(&r->wire, rule->type, field->end, &one.value) ||
            !rule->take(r, object, &one)) {
            return false;
        }
    }
    return true;
}

static bool take_field(cnn_onnx_reader *r, cnn_message kind, void *object, int64_t end)
{
    cnn_field field;
    if (!cnn_wire_field(&r->wire, end, &field)) {
        return false;
    }
    const cnn_rule *rule = rule_of(kind, field.number);
    if (rule != NULL && rule->type == field.type) {
        return rule->take(r, object, &field) && cnn_wire_pass(&r->wire, &field, end);
    }
    /* Repeated numbers may be packed into one field, whatever the schema specifies; both forms
     * are read. */
    const bool number = rule != NULL && rule->type != CNN_WIRE_LENGTH;
    if (number && field.type == CNN_WIRE_LENGTH) {
        return take_packed(r, rule, object, &field);
    }
    return cnn_wire_pass(&r->wire, &field, end);
}

/* The fields of a message up to `end`. */
bool cnn_onnx_walk(cnn_onnx_reader *r, cnn_message kind, void *object, int64_t end)
{
    if (r->depth == CNN_WIRE_NESTING) {
        return cnn_wire_fail(&r->wire, CNN_E_MODEL_NESTING, r->wire.offset);
    }
    r->depth++;
    bool more;
    do {
        if (!cnn_wire_more(&r->wire, end, &more) || (more && !take_field(r, kind, object, end))) {
            return false;
        }
    } while (more);
    r->depth--;
    return true;
}

/* ---- what fields hold ---- */

void *cnn_take_memory(cnn_onnx_reader *r, size_t size)
{
    void *object = cnn_arena_new(r->arena, size);
    if (object == NULL) {
        cnn_fail_memory(r->wire.err);
    }
    return object;
}

bool cnn_take_text(cnn_onnx_reader *r, const cnn_field *field, cnn_text *out)
{
    return cnn_wire_text(&r->wire, field->end, r->arena, out);
}

/* A name that may be in the table of symbols already, and then needs no memory. */
bool cnn_take_symbol(cnn_onnx_reader *r, const cnn_field *field, cnn_symbol **out)
{
    const cnn_arena before = *r->arena;
    cnn_text text;
    if (!cnn_take_text(r, field, &text)) {
        return false;
    }
    *out = NULL;
    if (text.size == 0) {
        return true;
    }
    const unsigned char *high = r->arena->high;
    *out = cnn_symbol_of(&r->model->symbols, text, r->arena);
    /* The arena did not grow, so the name was there already: its text is given back. */
    if (*out != NULL && r->arena->high == high) {
        *r->arena = before;
    }
    return *out != NULL || cnn_fail_memory(r->wire.err);
}

bool cnn_add_name(cnn_onnx_reader *r, cnn_onnx_names *list, cnn_symbol *symbol)
{
    cnn_onnx_name *name = cnn_take_memory(r, sizeof *name);
    if (name == NULL) {
        return false;
    }
    name->symbol = symbol;
    *(list->first == NULL ? &list->first : &list->last->next) = name;
    list->last = name;
    list->count++;
    return true;
}

bool cnn_take_name(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_names *list)
{
    cnn_symbol *symbol;
    return cnn_take_symbol(r, field, &symbol) && cnn_add_name(r, list, symbol);
}

/* "ai.onnx" is another name of the standard domain. */
bool cnn_take_domain(cnn_onnx_reader *r, const cnn_field *field, cnn_text *out)
{
    cnn_symbol *symbol;
    if (!cnn_take_symbol(r, field, &symbol)) {
        return false;
    }
    static const char standard[] = "ai.onnx";
    const cnn_text text = symbol == NULL ? (cnn_text){0} : symbol->text;
    const bool same =
        text.size == sizeof standard - 1 && memcmp(text.data, standard, text.size) == 0;
    *out = same ? (cnn_text){0} : text;
    return true;
}
