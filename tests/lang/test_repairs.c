/* Errors as data: way out, repair, JSON; and the names that the library knows. The repaired texts
 * were written by hand. */
#include "support.h"

#include "base/error.h"

static sink written;
static unsigned char memory[1 << 20];

/* Reads the list; false with the error. */
static bool is_read(const char *text, cnn_error *err)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_network net = {0};
    const cnn_settings settings = {0};
    *err = (cnn_error){0};
    return cnn_network_read(&arena, view(text), &settings, &net, err);
}

static void repairs_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *wrong, *repaired;
    } rows[] = {
        {"cnv3-64,relu", "conv3-64,relu"},
        {"relu,conv3-64 relu", "relu,conv3-64 ,relu"},
        {"2x(conv3-64,relu", "2x(conv3-64,relu)"},
        {"conv3-64),relu", "conv3-64,relu"},
        {"input 224x224x3; relu", "input 3x224x224; relu"},
        {"one: relu, cat(@onne | id)", "one: relu, cat(@one | id)"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_error err;
        cnn_repair repair;
        const char *wrong = rows[i].wrong;
        char text[100];
        assert_false(is_read(wrong, &err));
        assert_true(cnn_error_repair(&err, view(wrong), &repair));
        (void)snprintf(text, sizeof text, "%.*s%.*s%s", (int)repair.span.begin, wrong,
                       (int)repair.size, repair.text, wrong + repair.span.end);
        assert_string_equal(text, rows[i].repaired);
        assert_true(is_read(text, &err));
    }
}

/* No change is offered where the way out leaves a choice, or where the place is in another text. */
static void choices_are_left(void **state)
{
    (void)state;
    static const char *const lists[] = {"conv7-64 p0,gap,conv3-8 p0", "xyzzy", "conv-64", ""};
    cnn_repair repair;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        cnn_error err;
        assert_false(is_read(lists[i], &err));
        assert_false(cnn_error_repair(&err, view(lists[i]), &repair));
    }
    cnn_error err = {0};
    cnn_fail_words(&err, CNN_E_UNKNOWN_LAYER, (cnn_span){0, 3}, view("cnv"), view("conv"));
    assert_true(cnn_error_repair(&err, view("cnv3-64"), &repair));
    assert_false(cnn_error_repair(&err, view("cn"), &repair));   /* beyond its end */
    assert_false(cnn_error_repair(&err, view("relu"), &repair)); /* another word is there */
    err.source = CNN_SOURCE_FILE;
    assert_false(cnn_error_repair(&err, view("cnv3-64"), &repair));
    static char name[120];
    memset(name, 'n', sizeof name - 1);
    err = (cnn_error){0};
    cnn_fail_words(&err, CNN_E_UNKNOWN_LAYER, (cnn_span){0, 3}, view("cnv"), view(name));
    assert_int_equal(strlen(name), 119);
    assert_true(cnn_error_repair(&err, view("cnv"), &repair) ==
                (repair.size <= 96 && repair.size > 0));
}

static void hints_and_json(void **state)
{
    (void)state;
    cnn_error err;
    cnn_writer to = sink_open(&written);
    assert_false(is_read("cnv3-64", &err));
    assert_true(cnn_error_write_hint(&err, &to));
    assert_string_equal(written.data, "did you mean conv?");
    to = sink_open(&written);
    assert_true(cnn_error_write_json(&err, view("cnv3-64"), &to));
    assert_string_equal(
        written.data,
        "{\"schema\":1,\"error\":{\"id\":\"unknown-layer\",\"message\":\"no layer or "
        "definition is called 'cnv'\",\"hint\":\"did you mean conv?\",\"source\":"
        "\"layers\",\"span\":[0,3],\"repair\":{\"span\":[0,3],\"text\":\"conv\"}}}\n");
    err = (cnn_error){.code = CNN_OUT_OF_MEMORY};
    to = sink_open(&written);
    assert_true(cnn_error_write_json(&err, view(""), &to));
    assert_string_equal(written.data,
                        "{\"schema\":1,\"error\":{\"id\":\"out-of-memory\",\"message\":"
                        "\"out of memory\",\"source\":\"layers\"}}\n");
    assert_false(is_read("b = conv9 p0; input 3x4x4; b", &err) && err.code == CNN_OK);
    err.call = (cnn_span){1, 2};
    to = sink_open(&written);
    assert_true(cnn_error_write_json(&err, view("b = conv9 p0; input 3x4x4; b"), &to));
    assert_non_null(strstr(written.data, "\"call\":[1,2]"));
}

static void known_names(void **state)
{
    (void)state;
    cnn_vocable word;
    size_t layers = 0, attributes = 0;
    bool conv = false, stride = false;
    for (size_t at = 0; cnn_vocable_next(&at, &word);) {
        conv = conv || strcmp(word.name, "conv") == 0;
        stride = stride || (strcmp(word.name, "s") == 0 && strcmp(word.others, "stride") == 0);
        layers += word.example != NULL;
        attributes += word.example == NULL;
    }
    assert_true(conv && stride && layers > 20 && attributes > 5);
    size_t count = 0;
    for (const cnn_example *e; (e = cnn_example_at(count)) != NULL; count++) {
        assert_ptr_equal(cnn_example_find(view(e->name)), e);
    }
    assert_string_equal(cnn_example_find(view("VGG16"))->name, "vgg16");
    assert_null(cnn_example_find(view("vgg")));
    assert_int_equal(cnn_example_nearest(view("resnet51")).size, strlen("resnet50"));
    assert_int_equal(cnn_example_nearest(view("nothing like it")).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repairs_are_read),
        cmocka_unit_test(choices_are_left),
        cmocka_unit_test(hints_and_json),
        cmocka_unit_test(known_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
