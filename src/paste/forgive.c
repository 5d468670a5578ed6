/*
 * Statements outside of classes that fail and do not matter: they read data, train, print. What
 * they would have set has no value from then on. A statement matters when a layer, a model or a
 * part of the network is in it.
 */
#include "paste/paste.h"

static bool is_part(const cnn_py *value)
{
    return value != NULL && (value->kind == CNN_PY_TENSOR || value->kind == CNN_PY_CLASS ||
                             value->kind == CNN_PY_FUNCTION || value->kind == CNN_PY_MODULE);
}

/* A call that makes something, or that runs code of the text. */
static bool makes(const cnn_paster *p, const cnn_py_node *called)
{
    static const char *const words[] = {"Sequential", "ModuleList", "ModuleDict", "Model",
                                        "Input",      "Parameter",  "setattr",    "add_module"};
    static const char *const changes[] = {"add",    "append", "extend",
                                          "insert", "pop",    "register_parameter"};
    int32_t axes;
    if (called->kind != CNN_SYNTAX_NAME && called->kind != CNN_SYNTAX_ATTRIBUTE) {
        return true;
    }
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_word_is(called->text, words[i])) {
            return true;
        }
    }
    const cnn_py *object =
        called->kind == CNN_SYNTAX_ATTRIBUTE && called->a->kind == CNN_SYNTAX_NAME
            ? cnn_frame_find(p->frame, called->a->text)
            : NULL;
    for (size_t i = 0; i < CNN_LENGTH(changes) && object != NULL; i++) {
        if (object->kind == CNN_PY_MODULE && cnn_word_is(called->text, changes[i])) {
            return true;
        }
    }
    const cnn_py *value =
        called->kind == CNN_SYNTAX_NAME ? cnn_frame_find(p->frame, called->text) : NULL;
    return cnn_row_find(&cnn_torch_rows, called->text, &axes) != NULL ||
           cnn_row_find(&cnn_keras_rows, called->text, &axes) != NULL ||
           (value != NULL && (value->kind == CNN_PY_CLASS || value->kind == CNN_PY_FUNCTION));
}

/* What is assigned to: a part of the network is not lost in silence. */
static bool changes_part(const cnn_paster *p, const cnn_py_node *target)
{
    while (target->kind == CNN_SYNTAX_ATTRIBUTE || target->kind == CNN_SYNTAX_INDEX) {
        target = target->a;
    }
    return target->kind == CNN_SYNTAX_NAME && is_part(cnn_frame_find(p->frame, target->text));
}

/* What is too deep to be looked at matters. */
static bool matters(cnn_paster *p, const cnn_py_node *first, int32_t depth)
{
    if (depth > CNN_PASTE_DEPTH) {
        return true;
    }
    for (const cnn_py_node *node = first; node != NULL; node = node->next) {
        const cnn_py *value = NULL;
        bool found = !cnn_paste_step(p, 1);
        switch (node->kind) {
        case CNN_SYNTAX_CLASS:
        case CNN_SYNTAX_FUNCTION:
        case CNN_SYNTAX_RETURN:
            return true;
        case CNN_SYNTAX_CALL:
            found |= makes(p, node->a);
            break;
        case CNN_SYNTAX_NAMED:
        case CNN_SYNTAX_ASSIGN:
        case CNN_SYNTAX_CHANGE:
        case CNN_SYNTAX_FOR:
        case CNN_SYNTAX_DELETE:
            found |= changes_part(p, node->a);
            break;
        case CNN_SYNTAX_NAME:
            value = cnn_frame_find(p->frame, node->text);
            found |= value != NULL && value->kind == CNN_PY_TENSOR;
            break;
        default:
            break;
        }
        const cnn_py_node *const parts[] = {node->a, node->b, node->c, node->d};
        for (size_t i = 0; i < CNN_LENGTH(parts) && !found; i++) {
            found = matters(p, parts[i], depth + 1);
        }
        if (found) {
            return true;
        }
    }
    return false;
}

/* A name that a statement sets, or a list or dictionary that it may have changed, has no value; the
 * error says whose is missing. */
static bool forget_name(cnn_paster *p, const cnn_py_node *name, bool sets, const cnn_error *err)
{
    while (name->kind == CNN_SYNTAX_INDEX || name->kind == CNN_SYNTAX_ARGUMENT) {
        name = name->a;
    }
    const cnn_py *old = name->kind == CNN_SYNTAX_NAME ? cnn_frame_find(p->frame, name->text) : NULL;
    if (name->kind != CNN_SYNTAX_NAME ||
        (!sets && (old == NULL || (old->kind != CNN_PY_LIST && old->kind != CNN_PY_DICT)))) {
        return true;
    }
    cnn_py value = {.kind = CNN_PY_NAME, .text = name->text, .origin = name->span};
    if (err->code == CNN_E_PASTE_NAME && err->word[0].size > 0) {
        value.text = err->word[0];
        value.origin = err->span;
    }
    return cnn_frame_set(p, p->frame, name->text, &value);
}

/* As deep as it was looked at before. */
static bool forget(cnn_paster *p, const cnn_py_node *first, const cnn_error *err)
{
    for (const cnn_py_node *node = first; node != NULL; node = node->next) {
        const bool sets = node->kind == CNN_SYNTAX_ASSIGN || node->kind == CNN_SYNTAX_CHANGE ||
                          node->kind == CNN_SYNTAX_FOR || node->kind == CNN_SYNTAX_DELETE;
        const bool method = node->kind == CNN_SYNTAX_CALL && node->a->kind == CNN_SYNTAX_ATTRIBUTE;
        const cnn_py_node *target = sets ? node->a : NULL; /* a = b = value: one after another */
        target = target != NULL && target->kind == CNN_SYNTAX_TUPLE ? target->a : target;
        bool done = !method || forget_name(p, node->a->a, false, err);
        for (; done && target != NULL; target = target->next) {
            done = forget_name(p, target, true, err);
        }
        if (!done || !forget(p, node->a, err) || !forget(p, node->b, err) ||
            !forget(p, node->c, err) || !forget(p, node->d, err)) {
            return false;
        }
    }
    return true;
}

bool cnn_statements_pass(cnn_paster *p, const cnn_py_node *first, bool *passed)
{
    const cnn_error none = {0};
    *passed = !matters(p, first, 0);
    return !*passed || forget(p, first, &none);
}

/* Whether an expression calls nothing but a few functions of Python that build nothing. */
bool cnn_is_pure(const cnn_py_node *first, int32_t depth)
{
    static const char *const words[] = {"len",     "isinstance", "all",     "any",   "int",
                                        "min",     "max",        "hasattr", "sum",   "range",
                                        "getattr", "abs",        "round",   "tuple", "list"};
    for (const cnn_py_node *node = first; node != NULL; node = node->next) {
        bool pure = depth > 0 && node->kind != CNN_SYNTAX_NAMED && node->kind != CNN_SYNTAX_LAMBDA;
        if (node->kind == CNN_SYNTAX_CALL) {
            bool known = false;
            for (size_t i = 0; i < CNN_LENGTH(words); i++) {
                known |= node->a->kind == CNN_SYNTAX_NAME && cnn_word_is(node->a->text, words[i]);
            }
            pure = pure && known;
        }
        const cnn_py_node *const parts[] = {node->a, node->b, node->c, node->d};
        for (size_t i = 0; i < CNN_LENGTH(parts) && pure; i++) {
            pure = cnn_is_pure(parts[i], depth - 1);
        }
        if (!pure) {
            return false;
        }
    }
    return true;
}

bool cnn_statement_forgive(cnn_paster *p, const cnn_py_node *node)
{
    for (const cnn_frame *frame = p->frame; frame != NULL; frame = frame->outer) {
        if (frame->self != NULL || frame->type != NULL) {
            return false;
        }
    }
    const cnn_error err = *p->err;
    const bool unreadable = err.code == CNN_E_PASTE_SYNTAX || err.code == CNN_E_PASTE_OPEN ||
                            err.code == CNN_E_PASTE_INDENT; /* and it matters */
    cnn_py_node alone = *node;
    alone.next = NULL;
    return !unreadable && !matters(p, &alone, 0) && cnn_paste_forgive(p) && forget(p, &alone, &err);
}
