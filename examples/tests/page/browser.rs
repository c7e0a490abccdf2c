//! A headless Chromium of the test's own, which does not outlive it.

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// More than a busy machine takes for anything that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one page.
pub struct Browser {
    page: Client,
    _driver: Driver,
}

impl Browser {
    /// Starts it at a URL; none if `chromedriver` is not installed.
    pub async fn open(url: &str) -> Option<Self> {
        let driver = Driver::start()?;
        let options = json!({ "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1440,900",
            format!("--user-data-dir={}", driver.profile.path().display()),
        ] });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let page = builder.capabilities(capabilities).connect(&driver.url);
        let page = page.await.unwrap();
        page.goto(url).await.unwrap();
        Some(Self {
            page,
            _driver: driver,
        })
    }

    /// The element of a CSS selector, once there is one.
    pub async fn find(&self, css: &str) -> Element {
        found(css, self.wait(Locator::Css(css)).await)
    }

    /// The item of a list that has these texts, once there is one. The texts hold no apostrophes.
    pub async fn item(&self, list: &str, texts: &[&str]) -> Element {
        let has = texts.iter().map(|text| format!("[contains(., '{text}')]"));
        self.path(&format!("//*[@id='{list}']/li{}", has.collect::<String>()))
            .await
    }

    /// The element of an XPath, once there is one.
    pub async fn path(&self, path: &str) -> Element {
        found(path, self.wait(Locator::XPath(path)).await)
    }

    async fn wait(&self, locator: Locator<'_>) -> Result<Element, CmdError> {
        let wait = self.page.wait().at_most(PATIENCE);
        wait.every(Duration::from_millis(50))
            .for_element(locator)
            .await
    }

    pub async fn click(&self, css: &str) {
        // The page may draw an element anew between the two.
        while let Err(error) = self.find(css).await.click().await {
            assert!(
                error.to_string().contains("stale element"),
                "{css}: {error}"
            );
        }
    }

    pub async fn write(&self, css: &str, keys: &str) {
        self.find(css).await.send_keys(keys).await.unwrap();
    }

    /// Writes into a field in place of what is there.
    pub async fn rewrite(&self, css: &str, keys: &str) {
        self.find(css).await.clear().await.unwrap();
        self.write(css, keys).await;
    }

    /// Chooses an option of a list by its value.
    pub async fn choose(&self, css: &str, value: &str) {
        self.find(&format!("{css} option[value='{value}']")).await;
        let list = self.find(css).await;
        list.select_by_value(value).await.unwrap();
    }

    /// Runs a script and returns what the promise of its last expression holds.
    pub async fn promise(&self, script: &str, promise: &str) -> serde_json::Value {
        let finish = "const done = arguments[0];";
        let script = format!(
            "{finish} {script}; Promise.resolve({promise}).then(done, (e) => done(String(e)))"
        );
        self.page.execute_async(&script, Vec::new()).await.unwrap()
    }

    pub async fn resize(&self, width: u32, height: u32) {
        self.page.set_window_size(width, height).await.unwrap();
    }

    /// What a JavaScript expression is.
    pub async fn evaluate(&self, expression: &str) -> serde_json::Value {
        let script = format!("return {expression}");
        self.page.execute(&script, Vec::new()).await.unwrap()
    }
}

fn found(what: &str, element: Result<Element, CmdError>) -> Element {
    element.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// chromedriver, and the browser that it starts.
struct Driver {
    shell: Child,
    url: String,
    profile: TempDir,
}

impl Driver {
    fn start() -> Option<Self> {
        Command::new("chromedriver")
            .arg("--version")
            .output()
            .ok()?;
        // Ends the whole process group once its input is closed, as the system does when the test
        // ends in whatever way: the browser would outlive both the test and its driver.
        let profile = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh")
            .args(["-c", "chromedriver --port=0 & read -r _; kill -KILL 0"])
            .env("TMPDIR", profile.path())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(shell.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // Its output must be read on, or it stops at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self {
            shell,
            url: format!("http://127.0.0.1:{}", port.unwrap()),
            profile,
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // It killed itself with the others.
        let _ = self.shell.wait();
    }
}
