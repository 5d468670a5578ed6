/* Items that begin with a word: layers, calls, parameters, and words that nobody knows. */
#include <string.h>

#include "base/arena.h"
#include "lang/parse.h"

enum { LONGEST_WORD = 32 };

/* A word of letters and a number behind them, which blanks may set apart: relu6. */
static const cnn_word *see_numbered(const cnn_parser *ps, cnn_text letters, size_t *size)
{
    cnn_parser behind = *ps;
    behind.p += letters.size;
    cnn_skip_blanks(&behind, false);
    char joined[LONGEST_WORD];
    size_t used = letters.size; /* a known word is shorter */
    memcpy(joined, letters.data, letters.size);
    while (cnn_is_digit(cnn_peek(&behind)) && used < sizeof joined) {
        joined[used++] = *behind.p++;
    }
    const cnn_word *word = cnn_vocabulary_find(ps->words, (cnn_text){joined, used});
    *size = word != NULL ? (size_t)(behind.p - ps->p) : letters.size;
    return word;
}

/* The longest layer word at the position: relu6 before relu, soft-max before a layer "soft". */
static const cnn_word *see_word(const cnn_parser *ps, size_t *size)
{
    const cnn_text letters = cnn_see_letters(ps);
    const cnn_word *word = cnn_vocabulary_find(ps->words, letters);
    *size = letters.size;
    if (word != NULL && word->longer) {
        const cnn_word *longer = see_numbered(ps, letters, size);
        word = longer != NULL ? longer : word;
    }
    const char dash = cnn_peek_at(ps, *size);
    if (dash != '-' || !cnn_is_letter(cnn_peek_at(ps, *size + 1))) {
        return word;
    }
    cnn_parser behind = *ps;
    behind.p += *size + 1;
    const cnn_text second = cnn_see_letters(&behind);
    char joined[LONGEST_WORD];
    cnn_term term;
    if (letters.size + second.size > sizeof joined ||
        (word != NULL && cnn_see_number_name(&behind, cnn_see_name(&behind), &term))) {
        return word;
    }
    for (size_t i = 0; i < letters.size + second.size; i++) {
        joined[i] = i < letters.size ? letters.data[i] : second.data[i - letters.size];
    }
    const cnn_word *both =
        cnn_vocabulary_find(ps->words, (cnn_text){joined, letters.size + second.size});
    *size = both != NULL ? *size + 1 + second.size : *size;
    return both != NULL ? both : word;
}

/* Whether a definition of `name` stands further down, where a line may begin with it. */
static bool defined_later(const cnn_parser *ps, cnn_text name)
{
    cnn_parser look = *ps;
    for (look.p = ps->p; look.p < look.end; look.p++) {
        if (look.p > look.begin && (look.p[-1] == '\n' || look.p[-1] == ';')) {
            cnn_skip_blanks(&look, false);
            if (cnn_text_same(cnn_see_name(&look), name) && cnn_see_definition(&look)) {
                return true;
            }
        }
    }
    return false;
}

static void offer_words(const cnn_parser *ps, cnn_nearest *nearest)
{
    cnn_vocabulary_offer(nearest);
    cnn_names_offer(&ps->definitions, nearest);
}

static bool fail_word(cnn_parser *ps)
{
    const cnn_text name = cnn_see_name(ps);
    if (cnn_text_is(name, "input") || cnn_text_is(cnn_see_letters(ps), "input")) {
        return cnn_fail(ps->err, CNN_E_INPUT_LATE, cnn_span_of(ps, name));
    }
    if (ps->current != NULL && cnn_text_same(ps->current->name, name)) {
        return cnn_fail_words(ps->err, CNN_E_SELF, cnn_span_of(ps, name), name, (cnn_text){0});
    }
    if (cnn_see_definition(ps)) {
        return cnn_fail(ps->err, CNN_E_DEFINITION_INSIDE, cnn_span_of(ps, name));
    }
    if (defined_later(ps, name)) {
        return cnn_fail_words(ps->err, CNN_E_DEFINED_LATER, cnn_span_of(ps, name), name,
                              (cnn_text){0});
    }
    cnn_nearest whole = cnn_nearest_to(name);
    offer_words(ps, &whole);
    const cnn_text letters = cnn_see_letters(ps);
    cnn_nearest part = cnn_nearest_to(letters);
    offer_words(ps, &part);
    const bool use_part = letters.size > 0 && memchr(name.data, '_', name.size) == NULL &&
                          (whole.best.size == 0 || part.distance <= whole.distance);
    const cnn_text shown = use_part ? letters : name;
    return cnn_fail_words(ps->err, CNN_E_UNKNOWN_LAYER, cnn_span_of(ps, shown), shown,
                          use_part ? part.best : whole.best);
}

/* A macro layer becomes a call of its list: its channels and its bias are the arguments. */
static bool make_macro_call(cnn_parser *ps, cnn_node *node)
{
    static const struct {
        int32_t index; /* of the parameters (n, b) */
        cnn_attr attr;
    } numbers[] = {{1, CNN_BIAS}, {0, CNN_CHANNELS}};
    const cnn_layer_text layer = node->of.layer;
    node->args = NULL;
    for (size_t i = 0; i < CNN_LENGTH(numbers); i++) {
        cnn_arg *arg = CNN_NEW(ps->arena, cnn_arg);
        cnn_term term = {CNN_TERM_NUMBER, layer.attrs->value[numbers[i].attr][0], node->span};
        if (arg == NULL) {
            return cnn_fail_memory(ps->err);
        }
        arg->expr = cnn_expr_of(ps, &term);
        for (const cnn_hole *hole = layer.holes; hole != NULL; hole = hole->next) {
            arg->expr = hole->attr == numbers[i].attr ? hole->number.expr : arg->expr;
        }
        if (arg->expr == NULL) {
            return cnn_fail_memory(ps->err);
        }
        arg->index = numbers[i].index;
        arg->span = node->span;
        arg->next = node->args;
        node->args = arg;
    }
    node->of.definition = cnn_parse_macro(ps, node->op);
    node->kind = CNN_NODE_CALL;
    if (node->of.definition == NULL) {
        return cnn_fail_memory(ps->err);
    }
    return true;
}

static bool parse_layer_word(cnn_parser *ps, cnn_node *node)
{
    size_t size;
    const cnn_word *word = see_word(ps, &size);
    const cnn_text name = cnn_see_name(ps);
    if (word == NULL || memchr(name.data, '_', name.size) != NULL) {
        return fail_word(ps); /* no layer has a "_": a definition is meant */
    }
    ps->p += size;
    if (word->op->form == CNN_FORM_JOIN || word->op->form == CNN_FORM_AUX) {
        return cnn_parse_join(ps, word->op, node);
    }
    if (!cnn_parse_layer(ps, word, node)) {
        return false;
    }
    if (word->op->form == CNN_FORM_MACRO) {
        node->span = cnn_span_from(ps, ps->begin + node->span.begin);
        return make_macro_call(ps, node);
    }
    return true;
}

/* Names come first: a parameter, a named number, a definition; then the layers' words. */
bool cnn_parse_word(cnn_parser *ps, cnn_node *node)
{
    const cnn_text name = cnn_see_name(ps);
    if (ps->current == NULL && ps->definitions.root == NULL && name.size > 1) {
        return parse_layer_word(ps, node); /* there are no names but c, h and w */
    }
    cnn_term term;
    if (cnn_see_number_name(ps, name, &term)) {
        if (cnn_is_behind(ps, name.data + name.size, '*')) {
            return cnn_parse_named_count(ps, name, &term, node);
        }
        if (term.kind == CNN_TERM_PARAM) {
            node->kind = CNN_NODE_PARAM;
            node->of.param = (int32_t)term.value;
            ps->p += name.size;
            return true;
        }
        if (term.kind == CNN_TERM_NUMBER) {
            return cnn_fail_words(ps->err, CNN_E_HOLDS_NUMBER, term.span, name, (cnn_text){0});
        }
    }
    const cnn_name *found = cnn_names_find(&ps->definitions, name);
    if (found == NULL) {
        return parse_layer_word(ps, node);
    }
    const cnn_definition *definition = found->value;
    node->kind = CNN_NODE_CALL;
    node->of.definition = definition;
    ps->p += name.size;
    return cnn_parse_args(ps, definition, node);
}
