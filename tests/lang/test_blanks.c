/*
 * What stands at the edges: blanks between any two parts of a list change nothing but the places of
 * things, which end where the things end; and a list that ends anywhere is read up to there and not
 * a byte further.
 */
#include "support.h"

static sink plain, spread;

/* "~" stands between any two parts; "@" and the label behind it are one part. */
static const char *const lists[] = {
    "~conv~3~-~64~s~2~,~maxpool~,~FC~-~4096~",
    "~conv~3~x~5~-~8~s~1~x~2~p~0~x~1~d~2~g~1~b~0~,~relu~",
    "~conv~3~-~8~/~2~;~conv~3~-~8~same~;~conv~3~-~8~valid~",
    "~deconv~4~-~8~s~2~p~1~op~1~,~upsample~2~x~3~,~resize~8~x~9~,~crop~4~,~pad~1~x~2~",
    "~maxpool~3~/~2~ceil~,~avgpool~2~/~3~p~1~ceil~,~aap~3~x~2~,~gap~,~dropout~0.5~",
    "~reshape~3~x~112~x~448~,~flatten~,~FC~-~7~b~0~",
    "~dwconv~3~,~dwconv~3~-~6~,~shuffle~3~,~gn~3~,~se~-~2~,~prelu~1~,~chpad~-~9~",
    "~input~4~x~8~x~9~;~conv1~-~2~",
    "~input~:~28~gray~;~conv1~-~2~",
    "~input~=~(~224~x~200~RGB ~image~)~;~conv1~-~2~",
    "~input ~vector~784~;~FC~-~10~,~softmax~",
    "~2~*~relu~,~2~x~(~conv3~-~8~,~relu~)~,~(~3~-~1~)~*~bn~",
    "~stem~:~(~conv7~-~8~/~2~,~maxpool~)~,~a~:~b~:~relu~",
    "~add~(~conv3~-~c~|~id~)~,~mul~(~id~|~gap~)~,~cat~(~id~|~relu~|~bn~)~,~split~(~id~|~id~|~id~)~",
    "~a~:~conv3~-~8~,~cat~(~@a~|~@input~,~relu~)~,~add~(~b~:~id~|~id~)~",
    "~a~:~conv3~-~8~,~maxpool~,~resize~@a~,~pad~2~,~crop~@a~",
    "~aux~(~gap~,~FC~-~10~)~,~aux~(~a~:~relu~)~,~relu~",
    "f~(~n~,~k~=~3~)~=~conv~(~k~)~-~n~,~bn~\nf~(~8~)~,~f~(~16~,~k~=~5~)~,~f~(~k~=~1~,~n~=~4~)~",
    "f~(~x~)~=~a~:~relu~,~x~,~add~(~@a~|~x~)~\nf~(~conv3~-~c~)~,~f~(~(~bn~,~relu~)~)~",
    "width~=~16~;~w2~=~(~2~*~width~)~\nconv3~-~width~,~conv3~-~w2~,~(~w2~/~8~)~*~relu~",
    "n~=~(~7~+~3~*~2~-~1~)~/~4~\nconv~(~n~+~(~3~-~2~)~-~1~)~-~(~n~*~4~)~s~(~n~-~2~)~,~n~*~relu~",
    "conv1~-~(~4~*~c~)~,~resize~(~h~/~2~)~x~(~w~/~4~)~,~chpad~-~(~c~*~5~)~",
    "f~=~conv3~-~8~,~relu~\ng~(~a~=~f~,~b~=~2~)~=~b~*~a~\ng~,~g~(~bn~)~,~g~(~b~=~1~)~,~2~*~g~(~f)",
    "r~=~relu~;~b~(~x~=~2~*~bn~)~=~x~;~r~,~b~,~b~(~r~)~,~b~(~x~=~3~*~r~)~",
    "LRN~,~soft-max~,~pixshuf~1~,~ln~,~in~,~scale~,~droppath~0.25~",
};

static const char *const wrong[] = {
    "~conv~3~-~64~,~,~relu~",
    "~nolayer~,~relu~",
    "~2~*~nolayer~,~relu~",
    "~a~:~nolayer~",
    "~(~relu~,~nolayer~)~",
    "~add~(~relu~)~,~relu~",
    "~add~(~relu~|~nolayer~)~",
    "~add~(~conv3~-~8~|~id~)~,~relu~",
    "~cat~(~maxpool~|~id~)~,~relu~",
    "~mul~(~maxpool~|~id~)~,~relu~",
    "~split~(~id~|~id~)~,~relu~",
    "~aux~(~relu~|~relu~)~",
    "~aux~(~conv9~-~8~p0~s~1~d~99~)~",
    "~2~*~(~a~:~conv9~-~8~p0~d~99~)~",
    "f~(~n~)~=~conv3~-~n~\nf~(~)~,~relu~",
    "f~(~n~)~=~conv3~-~n~\nf~,~relu~",
    "f~(~n~)~=~conv3~-~n~\nf~(~1~,~2~)~",
    "f~(~n~)~=~conv3~-~n~\nf~(~m~=~2~)~",
    "f~(~n~,~k~)~=~conv3~-~n~\nf~(~k~=~1~,~2~)~",
    "f~(~n~)~=~conv3~-~n~\nf~(~n~=~1~,~n~=~2~)~",
    "f~(~n~)~=~conv3~-~n~\nf~(~relu~)~",
    "f~(~x~)~=~x~\nf~(~8~)~,~relu~",
    "f~(~n~)~=~conv99~-~n~ p0~d~9~\n~2~*~f~(~4~)~,~relu~",
    "f~(~a~,~a~)~=~relu~",
    "f~(~a~=~1~,~b~)~=~relu~",
    "f~(~a~=~1~/~2~)~=~conv3~-~a~\nf~,~f~",
    "f~(~1~)~=~relu~",
    "f~(~a~;~b~)~=~relu~",
    "f~=~\n~;~relu~",
    "f~=~relu~,~;~relu~",
    "f~=~relu~\nf~=~bn~",
    "conv3~=~relu~",
    "s2~=~3~",
    "c~=~3~",
    "n~=~3~,~relu~",
    "n~=~3~/~0~\nrelu~",
    "n~=~(~3~+~1~\nrelu~",
    "n~=~3~*~m~\nrelu~",
    "g~=~f~\nf~=~relu~",
    "~conv3~-~(~7~/~2~)~,~relu~",
    "~(~0~-~1~)~*~relu~,~relu~",
    "~(~1~/~2~)~*~relu~,~relu~",
    "~3~*~,~relu~",
    "~3~\xC3\x97~,~relu~",
    "~3~,~relu~",
    "~conv3~-~8~s~0~,~relu~",
    "~conv3~-~8~s~2~s~3~,~relu~",
    "~conv3~-~8~same~ p~1~,~relu~",
    "~conv3~-~8~op~1~,~relu~",
    "~conv3~-~8~strange~1~,~relu~",
    "~conv3~-~8~s~,~relu~",
    "~conv3~-~8~p~1~x~2~x~3~,~relu~",
    "~conv~,~relu~",
    "~conv3~,~relu~",
    "~conv~3~-~,~relu~",
    "~conv~3~-~0~,~relu~",
    "~conv~0~-~4~,~relu~",
    "~gap~3~,~relu~",
    "~relu~-~3~,~relu~",
    "~reshape~1~x~2~,~relu~",
    "~dropout~2~,~relu~",
    "~prelu~7~,~relu~",
    "~shuffle~2~,~relu~",
    "~maxpool~3~p~2~,~relu~",
    "~dwconv~3~-~4~,~relu~",
    "~conv~3~-~4~g~2~,~relu~",
    "~deconv~3~-~4~p~0~op~3~,~relu~",
    "~crop~999~,~relu~",
    "~chpad~-~2~,~relu~",
    "~cat~(~@nolabel~|~id~)~",
    "~@input~,~relu~",
    "~relu~,~@input~",
    "~resize~@nolabel~,~relu~",
    "~a~:~relu~,~conv~@a~",
    "~input~:~relu~",
    "~relu~,~input ~224~",
    "~input~224~x~224~x~3~,~relu~",
    "~input~0~x~1~x~2~,~relu~",
    "~input ~relu~",
    "~input~8~x~,~relu~",
    "~input~1~x~2~x~3~x ~4~,~relu~",
    "~input~28~gray ~pictures~,~relu~",
    "~input~28~gray ~imag~,~relu~",
    "~input ~vector~,~relu~",
    "~input~(~8~x~relu~",
    "~input~(~8~relu~",
    "~input~(~8~",
    "~input~8~ 9~,~relu~",
    "~input~8~(~relu~)~",
    "~input~8~*~2~,~relu~",
    "~input~(~8~;~relu~",
    "~input~8~relu~",
    "~(~relu~",
    "~relu~)~,~relu~",
    "~relu~|~relu~",
    "~(~)~,~relu~",
    "~add~(~|~relu~)~",
    "~(~relu~|~relu~)~",
    "~conv3~-~8~relu~",
    "~relu ~relu~",
    "~conv3~-~?~,~relu~",
    "~?~,~relu~",
    "~FC~-~4~,~conv3~-~8~,~relu~",
    "~1000001~*~relu~,~relu~",
    "~f~=~2~*~relu~,~(~g~=~3~)~",
};

/* A list with a text for each "~"; false when it is too long. */
static void fill(char *out, size_t size, const char *list, const char *blank)
{
    size_t n = 0;
    for (; *list != '\0'; list++) {
        const char *piece = *list == '~' ? blank : (const char[]){*list, '\0'};
        assert_true(n + strlen(piece) < size);
        strcpy(out + n, piece);
        n += strlen(piece);
    }
}

/* How many bytes that are no blanks stand before a place. */
static size_t squeezed(const char *text, uint32_t place)
{
    size_t n = 0;
    for (uint32_t i = 0; i < place; i++) {
        n += text[i] != ' ' && text[i] != '\t';
    }
    return n;
}

static bool blank_at(const char *text, uint32_t place)
{
    return text[place] == ' ' || text[place] == '\t';
}

/* Whether two spans name the same part of two texts, and no blanks around it. */
static bool same_part(const char *a, cnn_span in_a, const char *b, cnn_span in_b)
{
    return squeezed(a, in_a.begin) == squeezed(b, in_b.begin) &&
           squeezed(a, in_a.end) == squeezed(b, in_b.end) &&
           (in_b.begin == in_b.end || in_a.begin == in_a.end ||
            (!blank_at(b, in_b.begin) && !blank_at(b, in_b.end - 1)));
}

static bool same_places(const char *a, const reading *in_a, const char *b, const reading *in_b)
{
    bool same = true;
    for (int32_t i = 0; same && in_a->done && in_b->done && i < in_a->net.layer_count; i++) {
        const cnn_layer *x = &in_a->net.layers[i], *y = &in_b->net.layers[i];
        same = same_part(a, x->span, b, y->span) && (x->item == NULL) == (y->item == NULL) &&
               (x->item == NULL || same_part(a, x->item->span, b, y->item->span));
    }
    return same && same_part(a, in_a->err.span, b, in_b->err.span) &&
           same_part(a, in_a->err.call, b, in_b->err.call);
}

/* The network, or the sentence of the error. */
static void put_result(const reading *r, sink *out)
{
    cnn_writer to = sink_open(out);
    assert_true(r->done ? write_list(&r->net, &to) : cnn_error_write_line(&r->err, &to));
}

static void blanks_change_nothing(void **state)
{
    (void)state;
    static const char *const blanks[] = {" ", "\t", "  ", "\t \t"};
    int failed = 0;
    for (size_t i = 0; i < LENGTH(lists) + LENGTH(wrong); i++) {
        const char *list = i < LENGTH(lists) ? lists[i] : wrong[i - LENGTH(lists)];
        char text[2000], wide[2000];
        fill(text, sizeof text, list, "");
        reading r = read_list(NULL, text);
        put_result(&r, &plain);
        EXPECT(failed, r.done == (i < LENGTH(lists)), "%s: %s", text, plain.data);
        EXPECT(failed,
               r.done || r.err.span.end > r.err.span.begin || r.err.span.begin == strlen(text),
               "%s: no place", text);
        for (size_t k = 0; k < LENGTH(blanks); k++) {
            fill(wide, sizeof wide, list, blanks[k]);
            reading other = read_list(NULL, wide);
            put_result(&other, &spread);
            EXPECT(failed, strcmp(plain.data, spread.data) == 0, "%s: %s, not %s", wide,
                   spread.data, plain.data);
            EXPECT(failed, same_places(text, &r, wide, &other), "%s: %s at %d-%d", wide,
                   spread.data, (int)other.err.span.begin, (int)other.err.span.end);
            reading_free(&other);
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* read_text_list puts the end of the text where its page ends. */
static void lists_end_where_they_end(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < 2 * (LENGTH(lists) + LENGTH(wrong)); i++) {
        char text[2000];
        fill(text, sizeof text, i / 2 < LENGTH(lists) ? lists[i / 2] : wrong[i / 2 - LENGTH(lists)],
             i % 2 == 0 ? "" : " ");
        for (size_t size = 0; size <= strlen(text); size++) {
            reading r = read_text_list(NULL, (cnn_text){text, size});
            EXPECT(failed, r.done || (r.err.span.begin <= size && r.err.span.end <= size),
                   "%.*s: %s", (int)size, text, cnn_error_id(&r.err));
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
}

/* Nor is the byte before a list looked at, which here cannot be read. */
static void lists_begin_where_they_begin(void **state)
{
    (void)state;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *pages = NULL;
    assert_int_equal(posix_memalign(&pages, page, 2 * page), 0);
    char *text = (char *)pages + page;
    static unsigned char memory[1 << 18];
    int failed = 0;
    for (size_t i = 0; i < 2 * (LENGTH(lists) + LENGTH(wrong)); i++) {
        fill(text, page, i / 2 < LENGTH(lists) ? lists[i / 2] : wrong[i / 2 - LENGTH(lists)],
             i % 2 == 0 ? "" : " ");
        assert_int_equal(mprotect(pages, page, PROT_NONE), 0);
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        reading r = {0};
        r.done = cnn_network_read(&arena, view(text), NULL, &r.net, &r.err);
        assert_int_equal(mprotect(pages, page, PROT_READ | PROT_WRITE), 0);
        EXPECT(failed, r.done == (i / 2 < LENGTH(lists)), "%s: %s", text, cnn_error_id(&r.err));
    }
    free(pages);
    assert_int_equal(failed, 0);
}

/* What the places are, absolutely: of the input, and of layers and items. */
static void places_of_things(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        cnn_span input, layer, item; /* of the first layer */
    } rows[] = {
        {"input 8x9 ;relu", {6, 9}, {11, 15}, {0, 0}},
        {"input ( 28 gray image ) , relu ", {8, 21}, {26, 30}, {0, 0}},
        {"input vector 9\n FC-3 , relu", {6, 14}, {16, 20}, {0, 0}},
        {" a : relu ", {0, 0}, {5, 9}, {5, 9}},
        {" ( relu ) , bn", {0, 0}, {3, 7}, {1, 9}},
        {"2 * ( relu )", {0, 0}, {6, 10}, {0, 12}},
        {" add( relu | id ) ", {0, 0}, {6, 10}, {1, 17}},
        {"f(n) = conv3-n s 2 \n f( 4 ) , relu", {0, 0}, {7, 18}, {21, 27}},
        {" conv3-(1+2) s ( 2 ) ", {0, 0}, {1, 20}, {0, 0}},
        {" a : b : relu", {0, 0}, {9, 13}, {9, 13}},
        {"2*a: relu", {0, 0}, {5, 9}, {0, 0}}, /* repeats of a layer are no item */
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(NULL, rows[i].list);
        const cnn_layer *layers = r.net.layers;
        const cnn_span none = {0, 0}, item = layers[1].item == NULL ? none : layers[1].item->span;
        EXPECT(failed, memcmp(&layers[0].span, &rows[i].input, sizeof none) == 0, "%s: %u-%u",
               rows[i].list, layers[0].span.begin, layers[0].span.end);
        EXPECT(failed, memcmp(&layers[1].span, &rows[i].layer, sizeof none) == 0, "%s: %u-%u",
               rows[i].list, layers[1].span.begin, layers[1].span.end);
        EXPECT(failed, memcmp(&item, &rows[i].item, sizeof none) == 0, "%s: %u-%u", rows[i].list,
               item.begin, item.end);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* "~" stands where lines may end: inside parentheses, behind "=" and behind commas. */
static void line_ends_change_nothing(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "(~relu~,~bn~)~,~add(~relu~|~id~,~bn~)~,~gap~",
        "~2*(~relu~)~,~cat(~a: (~relu~)~|~@a~|~@input~)~,~aux(~gap~)~",
        "conv(~1~+~2~)-(~2~*~(~1~+~1~)~),~(~1~+~1~)*relu",
        "f(~n~,~k~=~3~)=~conv(~k~+~1~)-n,~relu\nf(~1~,~k~=~2~)~,~f(~2~)~",
        "f(~x~)=~x\nf(~(~relu~,~bn~)~)~,~f(~relu~)~",
        "n=~3\nconv3-n~",
    };
    static const char *const ends[] = {" ", "\n", "\r\n", "\r", "\n\n", "# ( | , )\n", " #\n#\n "};
    int failed = 0;
    for (size_t i = 0; i < LENGTH(broken); i++) {
        char text[2000];
        fill(text, sizeof text, broken[i], "");
        reading r = read_list(NULL, text);
        put_result(&r, &plain);
        EXPECT(failed, r.done, "%s: %s", text, plain.data);
        reading_free(&r);
        for (size_t k = 0; k < LENGTH(ends); k++) {
            fill(text, sizeof text, broken[i], ends[k]);
            r = read_list(NULL, text);
            put_result(&r, &spread);
            EXPECT(failed, strcmp(plain.data, spread.data) == 0, "%s: %s", text, spread.data);
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
}

/* The same for what enters, when it is said apart from the list. */
static void inputs_end_where_they_end(void **state)
{
    (void)state;
    static const char *const inputs[] = {
        "224 x 200",   "3 x 8 x 9",     "( 28 x 20 gray images )",
        "8 RGB image", "8 grey",        "vector 784",
        "( vector9 )", "3 x 4 x 5 x 6", "16x16x3",
        "8 gray relu", "8 RGB imag",    "(8 relu",
        " ( 8 ) 9",    "vectors 8",     "vector x",
        "0x3",         "8 # 9",         "99999999999999999999",
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(inputs); i++) {
        for (size_t size = 0; size <= strlen(inputs[i]); size++) {
            char input[50] = "";
            memcpy(input, inputs[i], size);
            reading r = read_list(input, "relu");
            EXPECT(failed, r.done || (r.err.span.begin <= size && r.err.span.end <= size), "%s: %s",
                   input, cnn_error_id(&r.err));
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_change_nothing),
        cmocka_unit_test(places_of_things),
        cmocka_unit_test(line_ends_change_nothing),
        cmocka_unit_test(lists_begin_where_they_begin),
        cmocka_unit_test(lists_end_where_they_end),
        cmocka_unit_test(inputs_end_where_they_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
