/* What assigns: names, members of modules, elements of lists and dictionaries. */
#include "paste/flow.h"

/* What may be set of a layer without changing its sizes or counts: bn.eps = 1e-3, and what is
 * written on it for later, as in layer.index = 3. */
static bool is_note(const cnn_module *module, cnn_text name, const cnn_py *value)
{
    const bool plain = cnn_py_is_int(value) || value->kind == CNN_PY_FLOAT ||
                       value->kind == CNN_PY_STRING || cnn_py_is_list(value);
    if (cnn_text_among(name, "trainable training eps momentum inplace")) {
        return true;
    }
    return plain && !cnn_text_among(name, "weight bias data") &&
           (module->row == NULL || !cnn_row_takes(module->row, name));
}

/* Net.width = 3: of the class itself, not of its bases. */
static bool set_of_class(cnn_paster *p, const cnn_class *type, cnn_text name, const cnn_py *value)
{
    cnn_frame members = {.variables = type->members};
    const bool done = cnn_frame_set(p, &members, name, value);
    ((cnn_class *)type)->members = members.variables;
    return done;
}

/* A member of a module that is known, set to what is not understood, could change the network. */
static bool set_member(cnn_paster *p, const cnn_py_node *target, const cnn_py *value)
{
    cnn_py object;
    if (!cnn_eval(p, target->a, &object)) {
        return false;
    }
    if (object.kind == CNN_PY_NAME && cnn_word_is(object.text, "self")) {
        /* "self.conv1 = ..." without its class: loose lines */
        return cnn_module_is_layer(value) ? cnn_py_append(p, &p->loose, value) &&
                                                cnn_frame_set(p, p->frame, target->text, value)
                                          : true;
    }
    if (object.kind == CNN_PY_OPAQUE &&
        cnn_module_is_layer(value)) { /* model.fc = nn.Linear(...) */
        return cnn_paste_fail(p, CNN_E_PASTE_LIBRARY,
                              object.origin.end > 0 ? object.origin : target->span, object.text,
                              (cnn_text){0});
    }
    if (object.kind == CNN_PY_CLASS) {
        return set_of_class(p, object.type, target->text, value);
    }
    if (object.kind != CNN_PY_MODULE) {
        return true;
    }
    cnn_module *module = object.module;
    const bool layer = module->row != NULL || module->container != CNN_CONTAINER_NONE;
    if (layer && module->type == NULL && !cnn_module_is_layer(value) &&
        cnn_member_find(module, target->text) == NULL && !is_note(module, target->text, value)) {
        return cnn_paste_refuse(p, target->span, target->text,
                                "is changed here after its layer was made, which is not followed");
    }
    return cnn_member_set(p, module, target->text, value);
}

/* list[i] = value, config["key"] = value, self.layers[0] = layer. What is not followed is ignored
 * only where the object is not known either. */
static bool set_item(cnn_paster *p, const cnn_py_node *target, const cnn_py *value)
{
    cnn_py object, index;
    if (!cnn_eval(p, target->a, &object) || !cnn_eval(p, target->b, &index)) {
        return false;
    }
    const bool modules =
        target->a->kind == CNN_SYNTAX_ATTRIBUTE &&
        (cnn_word_is(target->a->text, "_modules") || cnn_word_is(target->a->text, "__dict__"));
    if (modules && index.kind == CNN_PY_STRING) { /* self._modules["conv"] = ... */
        return cnn_eval(p, target->a->a, &object) && object.kind == CNN_PY_MODULE
                   ? cnn_member_set(p, object.module, index.text, value)
                   : p->err->code == CNN_OK && cnn_not_followed(p, target->span);
    }
    if (object.kind == CNN_PY_DICT) {
        return cnn_dict_set(p, object.items, &index, value);
    }
    cnn_items *items = object.kind == CNN_PY_LIST ? object.items : NULL;
    if (items != NULL && index.kind == CNN_PY_INT) {
        const int64_t i = index.number < 0 ? index.number + items->count : index.number;
        if (i >= 0 && i < items->count) {
            items->at[i] = *value;
            return true;
        }
    }
    if (object.kind == CNN_PY_MODULE && index.kind == CNN_PY_INT && index.number >= 0) {
        cnn_variable *member =
            cnn_variable_find(object.module->members, cnn_paste_digits(p, index.number));
        if (member != NULL && cnn_module_is_layer(value)) {
            member->value = *value;
            return true;
        }
    }
    if (object.kind == CNN_PY_MODULE && index.kind == CNN_PY_STRING &&
        object.module->container == CNN_CONTAINER_DICT) {
        return cnn_module_append_as(p, object.module, index.text, value);
    }
    if (object.kind == CNN_PY_OPAQUE || object.kind == CNN_PY_NAME) {
        return true;
    }
    return cnn_paste_fail(p, CNN_E_PASTE_NOT_FOLLOWED, target->span,
                          cnn_text_part(p->text, target->span), (cnn_text){0});
}

/* a, *b, c = values: the name with the star takes what the others leave, as a list. */
static bool assign_parts(cnn_paster *p, const cnn_py_node *target, const cnn_items *items)
{
    int32_t count = 0, stars = 0, i = 0;
    for (const cnn_py_node *part = target->a; part != NULL; part = part->next) {
        const bool star = part->kind == CNN_SYNTAX_ARGUMENT;
        stars += star;
        count += !star;
    }
    if (stars > 1 || (stars == 0 ? count != items->count : count > items->count)) {
        return cnn_paste_fail(p, CNN_E_PASTE_UNPACK, target->span, (cnn_text){0}, (cnn_text){0});
    }
    for (const cnn_py_node *part = target->a; part != NULL; part = part->next) {
        cnn_py rest;
        if (part->kind != CNN_SYNTAX_ARGUMENT) {
            if (!cnn_assign(p, part, &items->at[i++])) {
                return false;
            }
            continue;
        }
        if (!cnn_py_items(p, CNN_PY_LIST, 0, &rest)) {
            return false;
        }
        for (const int32_t end = i + items->count - count; i < end; i++) {
            if (!cnn_py_append(p, rest.items, &items->at[i])) {
                return false;
            }
        }
        if (!cnn_assign(p, part->a, &rest)) {
            return false;
        }
    }
    return true;
}

bool cnn_assign(cnn_paster *p, const cnn_py_node *target, const cnn_py *value)
{
    cnn_py defined;
    cnn_items *items;
    switch (target->kind) {
    case CNN_SYNTAX_NAME:
        if (p->frame == &p->globals && cnn_defined(p, target->text, &defined)) {
            value = &defined;
        }
        return cnn_frame_set(p, p->frame, target->text, value);
    case CNN_SYNTAX_ATTRIBUTE:
        return set_member(p, target, value);
    case CNN_SYNTAX_INDEX:
        return set_item(p, target, value);
    case CNN_SYNTAX_TUPLE:
    case CNN_SYNTAX_LIST:
        break;
    default:
        return cnn_paste_fail(p, CNN_E_PASTE_SYNTAX, target->span, (cnn_text){0}, (cnn_text){0});
    }
    if (value->kind == CNN_PY_OPAQUE || value->kind == CNN_PY_NAME) {
        for (const cnn_py_node *part = target->a; part != NULL; part = part->next) {
            const cnn_py_node *to = part->kind == CNN_SYNTAX_ARGUMENT ? part->a : part;
            const cnn_py unknown = {.kind = CNN_PY_NAME, .text = to->text, .origin = to->span};
            if (!cnn_assign(p, to, &unknown)) {
                return false;
            }
        }
        return true;
    }
    return cnn_sequence(p, target, value, &items) && assign_parts(p, target, items);
}

bool cnn_run_assign(cnn_paster *p, const cnn_py_node *node)
{
    cnn_py value;
    if (!cnn_eval(p, node->b, &value)) {
        return false;
    }
    const bool alone = p->frame == &p->globals && cnn_module_is_layer(&value);
    if (alone && value.module->row != NULL && node->a->kind == CNN_SYNTAX_NAME &&
        !cnn_py_append(p, &p->loose, &value)) {
        return false;
    }
    for (const cnn_py_node *target = node->a; target != NULL; target = target->next) {
        if (!cnn_assign(p, target, &value)) {
            return false;
        }
    }
    /* model.fc = nn.Sequential(...) changes a model and makes none. */
    if (alone && value.module->row == NULL && node->a->kind != CNN_SYNTAX_ATTRIBUTE) {
        p->top[0] = value;
    }
    return true;
}

/* a += b; a list grows in place. */
bool cnn_run_change(cnn_paster *p, const cnn_py_node *node)
{
    cnn_py old, more, value;
    if (!cnn_eval(p, node->a, &old) || !cnn_eval(p, node->b, &more)) {
        return false;
    }
    if (old.kind == CNN_PY_LIST && node->op == '+') {
        cnn_items *items;
        return cnn_sequence(p, node->b, &more, &items) && cnn_py_append_all(p, old.items, items);
    }
    if (old.kind == CNN_PY_MODULE && node->op == '+' &&
        old.module->container != CNN_CONTAINER_NONE) {
        cnn_items *items;
        cnn_py list = {.kind = CNN_PY_LIST};
        if (!cnn_sequence(p, node->b, &more, &items)) {
            return false;
        }
        list.items = items;
        return cnn_module_extend(p, old.module, &list);
    }
    return cnn_operate(p, node, &old, &more, &value) && cnn_assign(p, node->a, &value);
}
