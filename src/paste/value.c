/* Values of Python, the variables that hold them, and the memory that they may take. */
#include "paste/flow.h"

#include "base/checked.h"

bool cnn_paste_fail(cnn_paster *p, int32_t code, cnn_span span, cnn_text a, cnn_text b)
{
    return cnn_fail_words(p->err, code, span, a, b);
}

bool cnn_paste_refuse(cnn_paster *p, cnn_span span, cnn_text what, const char *why)
{
    return cnn_paste_fail(p, CNN_E_PASTE_REFUSED, span, what, cnn_text_of(why));
}

bool cnn_paste_forgive(cnn_paster *p)
{
    const int32_t code = p->err->code;
    if (code == CNN_OUT_OF_MEMORY || code == CNN_E_PASTE_STEPS || code == CNN_E_PASTE_BYTES ||
        code == CNN_E_PASTE_CALLS || code == CNN_E_LAYERS_LIMIT) {
        return false;
    }
    *p->err = (cnn_error){.source = p->err->source};
    if (p->builder != NULL) { /* the last layer may be what failed */
        cnn_flow_rewind(p, p->builder->layer_count);
    }
    return true;
}

bool cnn_paste_remark(cnn_paster *p, cnn_span span, const char *sentence, cnn_text word)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    for (const cnn_remark *r = p->remarks; r != NULL; r = r->next) {
        /* Sentences are literals, which the pointer tells apart. */
        if (r->sentence == sentence && cnn_words_equal(r->word, word)) {
            return true; /* once is enough */
        }
    }
    cnn_remark *remark = CNN_PASTE_NEW(p, cnn_remark);
    if (remark == NULL) {
        return false;
    }
    *remark = (cnn_remark){.sentence = sentence, .word = word, .span = span};
    *p->last_remark = remark;
    p->last_remark = &remark->next;
    return true;
}

/* ---- memory and steps ---- */

void *cnn_paste_take(cnn_paster *p, size_t count, size_t size)
{
    /* Layers and tokens grow at the low end of the arena, values at its high end; both count. */
    const size_t used = (size_t)(p->arena->low - p->low) + (size_t)(p->high - p->arena->high);
    if (used > CNN_PASTE_BYTES || count > CNN_PASTE_BYTES / size) {
        (void)cnn_fail_numbers(p->err, CNN_E_PASTE_BYTES, (cnn_span){0, 0}, CNN_PASTE_BYTES >> 20,
                               0);
        return NULL;
    }
    void *memory = cnn_arena_take(p->arena, count, size);
    if (memory == NULL) {
        (void)cnn_fail_memory(p->err);
    }
    return memory;
}

bool cnn_paste_step(cnn_paster *p, int64_t steps)
{
    p->steps += steps;
    if (p->steps > CNN_PASTE_STEPS) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_STEPS, (cnn_span){0, 0}, CNN_PASTE_STEPS, 0);
    }
    return true;
}

cnn_text cnn_paste_join(cnn_paster *p, cnn_text a, const char *between, cnn_text b)
{
    const size_t gap = strlen(between), size = a.size + gap + b.size;
    char *text = size == 0 ? NULL : cnn_paste_take(p, size, 1);
    if (text == NULL) {
        return (cnn_text){0};
    }
    if (a.size > 0) {
        memcpy(text, a.data, a.size);
    }
    memcpy(text + a.size, between, gap);
    if (b.size > 0) {
        memcpy(text + a.size + gap, b.data, b.size);
    }
    return (cnn_text){text, size};
}

cnn_text cnn_paste_digits(cnn_paster *p, int64_t number)
{
    cnn_out out;
    cnn_out_open(&out, NULL);
    cnn_out_int(&out, number);
    return cnn_paste_join(p, (cnn_text){out.buffer, out.used}, "", (cnn_text){0});
}

/* ---- values ---- */

cnn_py cnn_py_none(void)
{
    return (cnn_py){.kind = CNN_PY_NONE};
}

cnn_py cnn_py_int(int64_t number, cnn_span origin)
{
    return (cnn_py){.kind = CNN_PY_INT, .number = number, .origin = origin};
}

cnn_py cnn_py_real(double number)
{
    return (cnn_py){.kind = CNN_PY_FLOAT, .real = number};
}

cnn_py cnn_py_bool(bool truth)
{
    return (cnn_py){.kind = CNN_PY_BOOL, .number = truth};
}

cnn_py cnn_py_opaque(const char *what)
{
    return (cnn_py){.kind = CNN_PY_OPAQUE, .text = cnn_text_of(what)};
}

bool cnn_py_items(cnn_paster *p, cnn_py_kind kind, int32_t room, cnn_py *out)
{
    cnn_items *items = CNN_PASTE_NEW(p, cnn_items);
    if (items == NULL) {
        return false;
    }
    if (room > 0) {
        items->at = cnn_paste_take(p, (size_t)room, sizeof *items->at);
        items->room = room;
        if (items->at == NULL) {
            return false;
        }
    }
    *out = (cnn_py){.kind = (uint8_t)kind, .items = items};
    return true;
}

bool cnn_py_append(cnn_paster *p, cnn_items *items, const cnn_py *value)
{
    if (!cnn_paste_step(p, 1)) {
        return false;
    }
    if (items->count == items->room) {
        const int32_t room = items->room < 4 ? 4 : 2 * items->room;
        cnn_py *at = cnn_paste_take(p, (size_t)room, sizeof *at);
        if (at == NULL) {
            return false;
        }
        if (items->count > 0) {
            memcpy(at, items->at, (size_t)items->count * sizeof *at);
        }
        items->at = at;
        items->room = room;
    }
    items->at[items->count++] = *value;
    return true;
}

bool cnn_py_append_all(cnn_paster *p, cnn_items *items, const cnn_items *more)
{
    const int32_t count = more->count; /* of now: both may be the same */
    for (int32_t i = 0; i < count; i++) {
        if (!cnn_py_append(p, items, &more->at[i])) {
            return false;
        }
    }
    return true;
}

bool cnn_py_is(const cnn_py *value, const char *string)
{
    return value != NULL && value->kind == CNN_PY_STRING && cnn_text_is(value->text, string);
}

const cnn_py *cnn_dict_find(const cnn_items *items, const cnn_py *key)
{
    for (int32_t i = 0; i < items->count; i += 2) {
        if (cnn_py_equal(&items->at[i], key)) {
            return &items->at[i + 1];
        }
    }
    return NULL;
}

bool cnn_dict_set(cnn_paster *p, cnn_items *items, const cnn_py *key, const cnn_py *value)
{
    if (!cnn_paste_step(p, cnn_paste_search(items->count, 0))) {
        return false;
    }
    cnn_py *old = (cnn_py *)cnn_dict_find(items, key);
    if (old != NULL) {
        *old = *value;
        return true;
    }
    return cnn_py_append(p, items, key) && cnn_py_append(p, items, value);
}

bool cnn_dict_add_all(cnn_paster *p, cnn_items *items, const cnn_items *more)
{
    for (int32_t i = 0; i < more->count; i += 2) {
        if (!cnn_dict_set(p, items, &more->at[i], &more->at[i + 1])) {
            return false;
        }
    }
    return true;
}

/* ---- variables ---- */

cnn_variable *cnn_variable_find(cnn_variable *first, cnn_text name)
{
    while (first != NULL && !cnn_words_equal(first->name, name)) {
        first = first->next;
    }
    return first;
}

const cnn_py *cnn_frame_find(const cnn_frame *frame, cnn_text name)
{
    for (; frame != NULL; frame = frame->outer) {
        const cnn_variable *found = cnn_variable_find(frame->variables, name);
        if (found != NULL) {
            return found->of != NULL ? &found->of->value : &found->value;
        }
    }
    return NULL;
}

/* A new variable without a value where there is none of that name; NULL: no memory. */
static cnn_variable *variable_in(cnn_paster *p, cnn_frame *frame, cnn_text name)
{
    cnn_variable *variable = cnn_variable_find(frame->variables, name);
    if (variable == NULL) {
        variable = CNN_PASTE_NEW(p, cnn_variable);
        if (variable == NULL) {
            return NULL;
        }
        *variable = (cnn_variable){.name = name, .next = frame->variables};
        frame->variables = variable;
    }
    return variable->of != NULL ? variable->of : variable;
}

bool cnn_frame_set(cnn_paster *p, cnn_frame *frame, cnn_text name, const cnn_py *value)
{
    cnn_variable *variable = variable_in(p, frame, name);
    if (variable == NULL) {
        return false;
    }
    variable->value = *value;
    return true;
}

bool cnn_frame_link(cnn_paster *p, cnn_frame *frame, cnn_text name, cnn_frame *home)
{
    const bool missing = cnn_variable_find(home->variables, name) == NULL;
    cnn_variable *of = variable_in(p, home, name);
    cnn_variable *variable = of == NULL ? NULL : variable_in(p, frame, name);
    if (variable == NULL) {
        return false;
    }
    if (missing) {
        of->value = (cnn_py){.kind = CNN_PY_NAME, .text = name};
    }
    if (variable != of) {
        variable->of = of;
    }
    return true;
}

const cnn_py *cnn_member_find(const cnn_module *module, cnn_text name)
{
    const cnn_variable *found = cnn_variable_find(module->members, name);
    return found == NULL ? NULL : &found->value;
}

/* Members keep the order of their making, which is that of parameters in PyTorch. */
bool cnn_member_set(cnn_paster *p, cnn_module *module, cnn_text name, const cnn_py *value)
{
    cnn_variable *member = cnn_variable_find(module->members, name);
    if (member == NULL) {
        member = CNN_PASTE_NEW(p, cnn_variable);
        if (member == NULL) {
            return false;
        }
        member->name = name;
        *module->last = member;
        module->last = &member->next;
    }
    member->value = *value;
    return true;
}

/* ---- values from outside ---- */

bool cnn_py_constant(cnn_text text, cnn_py *out)
{
    static const struct {
        const char *word;
        cnn_py_kind kind;
        int64_t number;
    } words[] = {{"True", CNN_PY_BOOL, 1}, {"False", CNN_PY_BOOL, 0}, {"None", CNN_PY_NONE, 0}};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_word_is(text, words[i].word)) {
            *out = (cnn_py){.kind = (uint8_t)words[i].kind, .number = words[i].number};
            return true;
        }
    }
    return false;
}

static bool read_define(cnn_text text, cnn_py *out)
{
    if (cnn_py_constant(text, out)) {
        return true;
    }
    /* unit is 0 up to the point and 10 to the power of the digits after it; real has all digits. */
    const bool negative = text.size > 0 && text.data[0] == '-';
    int64_t number = 0;
    double real = 0, unit = 0;
    for (size_t i = negative; i < text.size; i++) {
        const char c = text.data[i];
        if (c == '.' && unit == 0) {
            unit = 1;
        } else if (!cnn_is_digit(c) || !cnn_checked_mul(number, 10, &number) ||
                   !cnn_checked_add(number, c - '0', &number)) {
            *out = (cnn_py){.kind = CNN_PY_STRING, .text = text};
            return text.size > 0;
        } else {
            real = real * 10 + (c - '0');
            unit *= 10;
        }
    }
    *out = cnn_py_int(negative ? -number : number, (cnn_span){0, 0});
    if (unit > 0) {
        *out = cnn_py_real((negative ? -real : real) / unit);
    }
    return text.size > negative;
}

bool cnn_defined(cnn_paster *p, cnn_text name, cnn_py *out)
{
    for (int32_t i = 0; i < p->settings->define_count; i++) {
        cnn_text rest = p->settings->defines[i];
        const cnn_text left = cnn_text_trim(cnn_text_split(&rest, '='));
        if (cnn_words_equal(left, name) && read_define(cnn_text_trim(rest), out)) {
            p->defines_used |= UINT64_C(1) << (i & 63);
            return true;
        }
    }
    return false;
}
