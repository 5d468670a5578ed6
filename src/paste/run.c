/* Running statements: what decides, repeats and defines. */
#include "paste/flow.h"

enum { MOST_PASSES = 1000 }; /* through a loop of the top level */

/* Modules on a line of the top level that go nowhere make a network of loose lines. */
static bool keep_loose(cnn_paster *p, const cnn_py *result)
{
    if (p->frame != &p->globals) {
        return true;
    }
    if (cnn_module_is_layer(result) && result->module->row == NULL) {
        p->top[0] = *result;
        return true;
    }
    if (cnn_module_is_layer(result)) {
        return cnn_py_append(p, &p->loose, result);
    }
    const bool several = cnn_py_is_list(result);
    for (int32_t i = 0; several && i < result->items->count; i++) {
        if (cnn_module_is_layer(&result->items->at[i]) &&
            !cnn_py_append(p, &p->loose, &result->items->at[i])) {
            return false;
        }
    }
    return true;
}

/* One pass through the body of a loop. False: the loop ends, and *end is how it does. */
static bool pass(cnn_paster *p, const cnn_py_node *loop, cnn_py *result, cnn_flow_end *end)
{
    const cnn_flow_end body = cnn_run(p, loop->b, result);
    *end = body == CNN_CONTINUED ? CNN_RAN : body;
    return *end == CNN_RAN;
}

/* What a loop ends with: a break goes no further, and passes over its "else". */
static cnn_flow_end after_loop(cnn_paster *p, const cnn_py_node *loop, cnn_py *result,
                               cnn_flow_end end)
{
    if (end == CNN_RAN && loop->d != NULL) {
        return cnn_run(p, loop->d, result);
    }
    return end == CNN_BROKE ? CNN_RAN : end;
}

/* At the top level a loop may train: it does not end, or its condition is data. What it sets then
 * keeps the values that it has. */
static cnn_flow_end run_while(cnn_paster *p, const cnn_py_node *node, cnn_py *result)
{
    const bool top = p->frame == &p->globals;
    cnn_flow_end end = CNN_RAN;
    for (int32_t passes = 0;; passes++) {
        cnn_py value;
        bool truth;
        if (!cnn_paste_step(p, 1)) {
            p->err->span = node->span;
            return CNN_FAILED;
        }
        if (top && passes == MOST_PASSES) {
            return CNN_RAN;
        }
        if (!cnn_eval(p, node->a, &value) || !cnn_py_truth(p, node->a, &value, &truth)) {
            return CNN_FAILED;
        }
        if (!truth) {
            return after_loop(p, node, result, CNN_RAN);
        }
        if (!pass(p, node, result, &end)) {
            return after_loop(p, node, result, end);
        }
    }
}

static cnn_flow_end run_for(cnn_paster *p, const cnn_py_node *node, cnn_py *result)
{
    cnn_py sequence;
    cnn_items *items;
    if (!cnn_eval(p, node->c, &sequence)) {
        return CNN_FAILED;
    }
    if (sequence.kind == CNN_PY_OPAQUE && p->frame == &p->globals) {
        return CNN_RAN; /* a loop over data trains; it does not build */
    }
    bool passed = false; /* for w in self.parameters(): nn.init.normal_(w) */
    if (sequence.kind == CNN_PY_OPAQUE && !cnn_statements_pass(p, node->b, &passed)) {
        return CNN_FAILED;
    }
    if (passed) {
        return CNN_RAN;
    }
    if (!cnn_sequence(p, node->c, &sequence, &items)) {
        return CNN_FAILED;
    }
    /* The count is read each time: as in Python, the body may append to the list it runs over. */
    cnn_flow_end end = CNN_RAN;
    for (int32_t i = 0; i < items->count && end == CNN_RAN; i++) {
        if (!cnn_assign(p, node->a, &items->at[i])) {
            return CNN_FAILED;
        }
        (void)pass(p, node, result, &end);
    }
    return after_loop(p, node, result, end);
}

/* net = net.cuda(), net = nn.DataParallel(net), device = torch.device("cpu"): the name keeps what
 * it has. */
static bool keeps(const cnn_py_node *target, const cnn_py_node *call)
{
    const bool method = call->a->kind == CNN_SYNTAX_ATTRIBUTE &&
                        call->a->a->kind == CNN_SYNTAX_NAME &&
                        cnn_words_equal(call->a->a->text, target->text);
    const bool wrapped = call->b != NULL && call->b->a != NULL &&
                         call->b->a->kind == CNN_SYNTAX_NAME &&
                         cnn_words_equal(call->b->a->text, target->text);
    return method || wrapped || cnn_word_is(call->a->text, "device");
}

/* nn.init.zeros_(m.bias), m.weight.data.fill_(1) */
static bool initialises(const cnn_py_node *call)
{
    const cnn_text name = call->a->text;
    const cnn_py_node *of = call->a->kind == CNN_SYNTAX_ATTRIBUTE ? call->a->a : NULL;
    return of != NULL && name.size > 0 && name.data[name.size - 1] == '_' &&
           (cnn_word_is(of->text, "init") || cnn_word_is(of->text, "data"));
}

/* Statements that move modules to a device, print or set weights, and so build nothing. */
static bool is_idle(const cnn_py_node *first)
{
    static const char *const idle[] = {"cuda",  "to",    "cpu",        "half",         "float",
                                       "eval",  "train", "print",      "DataParallel", "device",
                                       "apply", "seed",  "manual_seed"};
    for (const cnn_py_node *node = first; node != NULL; node = node->next) {
        const bool assigns = node->kind == CNN_SYNTAX_ASSIGN && node->a->kind == CNN_SYNTAX_NAME;
        const cnn_py_node *call = assigns                               ? node->b
                                  : node->kind == CNN_SYNTAX_EXPRESSION ? node->a
                                                                        : NULL;
        bool found = node->kind == CNN_SYNTAX_PASS ||
                     (call != NULL && call->kind == CNN_SYNTAX_STRING && !assigns);
        if (call != NULL && call->kind == CNN_SYNTAX_CALL) {
            for (size_t i = 0; i < CNN_LENGTH(idle); i++) {
                found |= cnn_word_is(call->a->text, idle[i]);
            }
            found =
                (found && (!assigns || keeps(node->a, call))) || (!assigns && initialises(call));
        }
        found = found || (node->kind == CNN_SYNTAX_IF && is_idle(node->b) && is_idle(node->c));
        if (!found) {
            return false;
        }
    }
    return true;
}

static cnn_flow_end run_if(cnn_paster *p, const cnn_py_node *node, cnn_py *result)
{
    for (;;) {
        cnn_py value;
        bool truth;
        if (is_idle(node->b) && is_idle(node->c)) {
            return CNN_RAN; /* whatever decides: if train_on_gpu: model.cuda() */
        }
        if (!cnn_eval(p, node->a, &value) || !cnn_py_truth(p, node->a, &value, &truth)) {
            return CNN_FAILED;
        }
        const cnn_py_node *body = truth ? node->b : node->c;
        if (truth || body == NULL || body->kind != CNN_SYNTAX_IF || body->next != NULL) {
            return body == NULL ? CNN_RAN : cnn_run(p, body, result);
        }
        node = body; /* elif */
    }
}

/* try, with its else and its finally, when nothing fails. */
static cnn_flow_end run_with(cnn_paster *p, const cnn_py_node *node, cnn_py *result)
{
    cnn_flow_end end = cnn_run(p, node->b, result);
    if (end == CNN_RAN && node->c != NULL) {
        end = cnn_run(p, node->c, result);
    }
    if (end == CNN_FAILED || node->d == NULL) {
        return end;
    }
    cnn_py ignored;
    const cnn_flow_end last = cnn_run(p, node->d, end == CNN_RETURNED ? &ignored : result);
    return last == CNN_RAN || end == CNN_RETURNED ? last == CNN_FAILED ? last : end : last;
}

/* "global a": the frame of the module; "nonlocal a": the nearest function around this one that has
 * it. */
static bool run_scope(cnn_paster *p, const cnn_py_node *node)
{
    const cnn_py_node *name = node->a->kind == CNN_SYNTAX_TUPLE ? node->a->a : node->a;
    for (; name != NULL; name = name->next) {
        cnn_frame *home = p->frame->outer != NULL ? p->frame->outer : p->frame;
        while (home->outer != NULL &&
               (node->flag || cnn_variable_find(home->variables, name->text) == NULL)) {
            home = home->outer;
        }
        if (name->kind != CNN_SYNTAX_NAME || !cnn_frame_link(p, p->frame, name->text, home)) {
            return cnn_not_followed(p, node->span);
        }
    }
    return true;
}

/* What a generator gives. It runs to its end at once, so one that has no end is not followed. */
static bool run_yield(cnn_paster *p, const cnn_py_node *node)
{
    cnn_py value = cnn_py_none();
    cnn_items *items;
    if (p->frame->yields == NULL || p->frame->yields->count > MOST_PASSES) {
        return p->frame == &p->globals || cnn_not_followed(p, node->span);
    }
    if (node->a != NULL && !cnn_eval(p, node->a, &value)) {
        return false;
    }
    if (!node->flag) {
        return cnn_py_append(p, p->frame->yields, &value);
    }
    return cnn_sequence(p, node, &value, &items) && cnn_py_append_all(p, p->frame->yields, items);
}

/* Calls may build, and what fails here decides nothing: only what is known to be false is told. */
static bool run_assert(cnn_paster *p, const cnn_py_node *node)
{
    cnn_py value;
    bool truth = true;
    if (node->a == NULL || !cnn_is_pure(node->a, CNN_PASTE_DEPTH)) {
        return true;
    }
    if (!cnn_eval(p, node->a, &value) ||
        (value.kind != CNN_PY_OPAQUE && !cnn_py_truth(p, node->a, &value, &truth))) {
        return cnn_paste_forgive(p);
    }
    return truth || cnn_paste_refuse(p, node->a->span, cnn_text_part(p->text, node->a->span),
                                     "is false here, so this assert ends the program");
}

/* Text that is no Python matters only where layers or modules are in it. */
static bool run_unreadable(cnn_paster *p, const cnn_py_node *node)
{
    cnn_arena scratch = *p->arena;
    const cnn_token *tokens = cnn_tokens_read(&scratch, node->text);
    if (tokens == NULL) {
        return cnn_fail_memory(p->err);
    }
    bool matters = p->frame != &p->globals;
    for (const cnn_token *t = tokens; t->kind != CNN_TOKEN_END; t++) {
        int32_t axes;
        const cnn_py *value = t->kind == CNN_TOKEN_NAME ? cnn_frame_find(p->frame, t->text) : NULL;
        matters |= value != NULL && cnn_module_is_layer(value);
        matters |= t->kind == CNN_TOKEN_NAME && cnn_token_is(t + 1, '(') &&
                   (cnn_row_find(&cnn_torch_rows, t->text, &axes) != NULL ||
                    cnn_row_find(&cnn_keras_rows, t->text, &axes) != NULL);
    }
    return !matters ||
           cnn_paste_fail(p, (int32_t)node->number, node->span, (cnn_text){0}, (cnn_text){0});
}

/* del self.fc, del layers[2], del cfg["head"] */
static bool delete_part(cnn_paster *p, const cnn_py_node *target, const cnn_py *object)
{
    cnn_py index = cnn_py_none(), ignored;
    cnn_argument one = {.node = target->b};
    cnn_arguments args = {&one, 1, target};
    bool found = false;
    if (target->kind == CNN_SYNTAX_ATTRIBUTE) {
        found = object->kind == CNN_PY_MODULE && cnn_member_remove(object->module, target->text);
    } else if (target->kind == CNN_SYNTAX_INDEX && !cnn_eval(p, target->b, &index)) {
        return false;
    }
    one.value = index;
    const bool list = object->kind == CNN_PY_LIST && cnn_py_is_int(&index);
    const bool container =
        object->kind == CNN_PY_MODULE && object->module->container != CNN_CONTAINER_NONE;
    if (list || (object->kind == CNN_PY_DICT && target->kind == CNN_SYNTAX_INDEX) ||
        (container && index.kind == CNN_PY_STRING)) {
        return cnn_method(p, object, cnn_text_of("pop"), &args, &found, &ignored);
    }
    if (container && cnn_py_is_int(&index)) {
        return cnn_container_take_out(p, object->module, index.number, target, &ignored);
    }
    return found || cnn_paste_refuse(p, target->span, cnn_text_part(p->text, target->span),
                                     "is deleted here, which is not followed");
}

/* A name that is deleted is not asked for again; a part of something would be missing. Anything
 * else cannot be deleted in Python either. */
static bool run_delete(cnn_paster *p, const cnn_py_node *target)
{
    for (; target != NULL; target = target->next) {
        cnn_py object = cnn_py_none();
        if (target->kind == CNN_SYNTAX_NAME) {
            continue;
        }
        if (target->kind == CNN_SYNTAX_TUPLE || target->kind == CNN_SYNTAX_LIST) {
            if (!run_delete(p, target->a)) {
                return false;
            }
            continue;
        }
        if (target->kind != CNN_SYNTAX_ATTRIBUTE && target->kind != CNN_SYNTAX_INDEX) {
            return cnn_paste_refuse(p, target->span, cnn_text_part(p->text, target->span),
                                    "cannot be deleted: it is no name and no part");
        }
        if (!cnn_eval(p, target->a, &object)) {
            return false;
        }
        const bool part = object.kind == CNN_PY_MODULE || object.kind == CNN_PY_LIST ||
                          object.kind == CNN_PY_DICT;
        if (part && !delete_part(p, target, &object)) {
            return false;
        }
    }
    return true;
}

static cnn_flow_end from(bool done)
{
    return done ? CNN_RAN : CNN_FAILED;
}

static cnn_flow_end run_one(cnn_paster *p, const cnn_py_node *node, cnn_py *result)
{
    cnn_py value;
    switch (node->kind) {
    case CNN_SYNTAX_EXPRESSION:
        return from(cnn_eval(p, node->a, &value) && keep_loose(p, &value));
    case CNN_SYNTAX_ASSIGN:
        return from(cnn_run_assign(p, node));
    case CNN_SYNTAX_CHANGE:
        return from(cnn_run_change(p, node));
    case CNN_SYNTAX_IF:
        return run_if(p, node, result);
    case CNN_SYNTAX_FOR:
        return run_for(p, node, result);
    case CNN_SYNTAX_WHILE:
        return run_while(p, node, result);
    case CNN_SYNTAX_WITH:
        return run_with(p, node, result);
    case CNN_SYNTAX_ASSERT:
        return from(run_assert(p, node));
    case CNN_SYNTAX_YIELD:
        return from(run_yield(p, node));
    case CNN_SYNTAX_SCOPE:
        return from(run_scope(p, node));
    case CNN_SYNTAX_RETURN:
        *result = cnn_py_none();
        return node->a == NULL || cnn_eval(p, node->a, result) ? CNN_RETURNED : CNN_FAILED;
    case CNN_SYNTAX_FUNCTION:
        return from(cnn_define_function(p, node));
    case CNN_SYNTAX_CLASS:
        return from(cnn_define_class(p, node));
    case CNN_SYNTAX_BREAK:
        return CNN_BROKE;
    case CNN_SYNTAX_CONTINUE:
        return CNN_CONTINUED;
    case CNN_SYNTAX_DELETE:
        return from(run_delete(p, node->a));
    case CNN_SYNTAX_REFUSED:
        /* raise at the top level belongs to what trains or tests. */
        return from(p->frame == &p->globals ||
                    cnn_paste_refuse(p, node->span, node->text, "is not followed here"));
    case CNN_SYNTAX_UNREADABLE:
        return from(run_unreadable(p, node));
    default:
        return CNN_RAN;
    }
}

cnn_flow_end cnn_run(cnn_paster *p, const cnn_py_node *first, cnn_py *result)
{
    for (const cnn_py_node *node = first; node != NULL; node = node->next) {
        if (!cnn_paste_step(p, 1)) {
            p->err->span = node->span;
            return CNN_FAILED;
        }
        cnn_flow_end end = run_one(p, node, result);
        if (end == CNN_FAILED) {
            if (!cnn_statement_forgive(p, node)) {
                return CNN_FAILED;
            }
            end = CNN_RAN;
        }
        /* A return without its function, whose def was not pasted: its value is a loose line. */
        if (end == CNN_RETURNED && p->frame == &p->globals) {
            if (!keep_loose(p, result)) {
                return CNN_FAILED;
            }
        } else if (end != CNN_RAN) {
            return end;
        }
    }
    return CNN_RAN;
}
