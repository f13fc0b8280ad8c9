//! Input that wants to break something: it gets an error, in bounded time and memory.

use crate::world::World;
use pressroom_criteria::parse;

/// Runs on three quarters of the stack that threads have by default, unoptimised code included.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(3 << 19).spawn(run);
    thread.expect("a thread starts").join().expect("it ends well");
}

fn too_deep(text: &str) {
    let start: String = text.chars().take(40).collect();
    let message = parse(text).err().map(|error| error.message).unwrap_or_default();
    assert!(message.contains("nested too deeply"), "{start}…: {message}");
}

#[test]
fn depth_is_bounded() {
    on_a_small_stack(|| {
        let deep = |open: &str, close: &str| {
            too_deep(&format!("{}1{}", open.repeat(10_000), close.repeat(10_000)));
        };
        deep("(", ")");
        deep("-", "");
        deep("Not ", "");
        deep("~", "");
        deep("+", "");
        deep("Abs(", ")");
        deep("Iif(True, 1, ", ")");
        deep("1 + (", ")");
        deep("[Lines][", "].Count()");
        deep("", " Is Null");
        deep("", " In (1)");
        deep("Not 1 = (", ")");
    });
}

#[test]
fn what_is_just_allowed_works_everywhere() {
    on_a_small_stack(|| {
        let world = World::default();
        for (open, close) in
            [("(", ")"), ("-", ""), ("Iif(True, ", ", 0)"), ("1 + (", ")"), ("Max(1, ", ")")]
        {
            let mut deepest = None;
            for depth in 1..400 {
                match parse(&format!("{}1{}", open.repeat(depth), close.repeat(depth))) {
                    Ok(expr) => deepest = Some(expr),
                    Err(_) => break,
                }
            }
            let expr = deepest.expect("one level works");
            let text = expr.to_string();
            assert_eq!(parse(&text).as_ref(), Ok(&expr));
            let _ = format!("{expr:?} {:?}", expr.root());
            world.evaluate(&text).expect("it has a value");
            drop(expr.clone());
        }
    });
}

#[test]
fn long_texts_are_refused_and_long_chains_are_not() {
    let message = parse(&"1 + ".repeat(1 << 18)).err().map(|error| error.message);
    assert!(message.is_some_and(|message| message.starts_with("the expression is too long")));

    on_a_small_stack(|| {
        let world = World::default();
        let sum = format!("{}0", "1 + ".repeat(20_000));
        assert_eq!(world.evaluate(&sum), Ok(20_000_i64.into()));
        let any = format!("{}False", "[Quantity] = 5 Or ".repeat(10_000));
        assert_eq!(world.evaluate(&any), Ok(false.into()));
        let list = format!("[Quantity] In ({}12)", "5, ".repeat(20_000));
        assert_eq!(world.evaluate(&list), Ok(true.into()));
    });
}

#[test]
fn patterns_do_not_explode() {
    let text = format!("'{}' Like '{}b'", "a".repeat(20_000), "%a".repeat(50));
    assert_eq!(World::default().evaluate(&text), Ok(false.into()));
}

#[test]
fn texts_do_not_explode() {
    let world = World::default();
    let fails = |text: &str, words: &str| {
        let message = world.evaluate(text).expect_err(words);
        assert!(message.contains(words), "{message}");
    };
    let long = "PadLeft('', 1000000, 'a')";
    fails(&vec![long; 100].join(" + "), "too long");
    fails(&format!("Concat({})", vec![long; 100].join(", ")), "too long");
    fails(&format!("Replace({long}, 'a', {long})"), "too long");
    fails(&format!("'a' Like {long}"), "too long");
    fails(&format!("'a' Like '{}'", "a".repeat(2_000)), "too long");
    // Searching takes linear time also where everything nearly fits.
    let found = format!("Contains({long}, PadLeft('', 500000, 'a') + 'b')");
    assert_eq!(world.evaluate(&found), Ok(false.into()));
}

#[test]
fn compiled_expressions_can_go_to_other_threads() {
    fn check<T: Send + Sync>() {}
    check::<pressroom_criteria::Expr>();
    check::<pressroom_criteria::Compiled>();
    check::<pressroom_criteria::Accumulator>();
}
